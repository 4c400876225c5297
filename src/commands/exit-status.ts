/** The exit status for a command line that is not understood (EX_USAGE). */
export const BAD_USAGE = 64;

/** The exit status for a bad configuration (EX_CONFIG). */
export const BAD_CONFIGURATION = 78;
