/** Holds the rules of the house that compiler and linter do not know: who imports whom, sizes, marks of unfinished work. */
import { reportImports } from './house/imports.ts';
import { reportText } from './house/text.ts';

const findings = [...(await reportImports()), ...reportText()];
for (const finding of findings) console.error(finding);
console.log(findings.length === 0 ? 'The house is in order.' : `${findings.length} rules broken.`);
process.exitCode = findings.length === 0 ? 0 : 1;
