import type { GraphFailure } from '../signin/index.ts';

/** What to do where the customers of a partner cannot be read. */
export const GRAPH_ADVICE: Readonly<Record<GraphFailure, string>> = {
  PROVIDER_UNREACHABLE: 'Check that this machine reaches the "authority" of the connection, and try again.',
  TOKEN_REFUSED:
    'Check "csp.partnerTenant", "clientId" and "credential": the app registration must be one that the partner tenant knows.',
  GRAPH_UNREACHABLE: 'Check that this machine reaches the "graph" host of the connection, and try again.',
  GRAPH_THROTTLED: 'Too many requests were made. Try again later.',
  GRAPH_REFUSED:
    'Give the app registration the application permission Directory.Read.All for Microsoft Graph, and let an administrator of the partner tenant consent to it.',
  GRAPH_INVALID: 'Check the "graph" host of the connection: what answers there does not behave as Microsoft Graph.',
};
