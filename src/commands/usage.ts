/** The exit status for a command line that is not understood (EX_USAGE). */
export const BAD_USAGE = 64;

export const USAGE = `Usage: halogate <command> [options]

Commands:
  serve --config FILE             serve until SIGTERM
  check --config FILE [--static]  print what is wrong with the settings; --static leaves out
                                  what lies outside the file (secrets, certificates)
  redirect-uris --config FILE [--json]
                                  print what to register at the identity provider
  tenants --config FILE           print the tenants of each multi-tenant connection, and why their
                                  people are admitted or not; asks Microsoft Graph
  schema                          print the JSON Schema of the settings

Options:
  --config FILE  the settings; without it, the file that HALOGATE_CONFIG names
  --help         print this
  --version      print the version

Exit status: 0, 64 for a command line that is not understood, 78 for bad settings, 1 for anything else.
`;
