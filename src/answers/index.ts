export { type Answer, type Answers, type Audience, createAnswers, type Field } from './answer.ts';
export { HSTS, writeAnswer } from './write.ts';
