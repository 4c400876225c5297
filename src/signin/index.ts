export { signInPath, startPage } from './addresses.ts';
export { notAdmittedPage } from './admission.ts';
export { createBrowser } from './browser.ts';
export { finishSignIn, ourState } from './callback.ts';
export { createProvider, type Provider } from './provider.ts';
export { askToSignOut, endSession, signedOutPage, signOut } from './sign-out.ts';
export { startSignIn } from './start.ts';
export { createTransactions } from './transaction.ts';
export type { SignInContext, Visit } from './visit.ts';
