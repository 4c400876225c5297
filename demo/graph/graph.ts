import { type Entra, HOME } from '../entra/index.ts';
import { type Listening, listen } from '../web/index.ts';
import { type Customer, makeCustomers } from './customers.ts';
import { serve } from './server.ts';
import type { GraphRequest, State, WrongAnswer } from './state.ts';

export interface GraphOptions {
  /** Gives out the access tokens, and knows the people. */
  readonly entra: Pick<Entra, 'accessToken' | 'people'>;
  /** Default: the system chooses. */
  readonly port?: number;
  /** The tenant that is a partner. Default: the home tenant. */
  readonly partner?: string;
  /** Entries on a page. Default 2: lists that are worth looking at have several pages. */
  readonly pageSize?: number;
}

/** A running stand-in for Microsoft Graph. */
export interface Graph extends Listening {
  /** The partner's customers; changes count at once. */
  readonly customers: Customer[];
  /** What was received, oldest first. */
  readonly requests: GraphRequest[];
  /** The next requests are answered with these, one each. */
  next(...answers: WrongAnswer[]): void;
  /** Every request is answered with this; without it, everything works again. */
  always(answer?: WrongAnswer): void;
}

/** Starts a stand-in on 127.0.0.1. @throws when the port is taken. */
export async function startGraph(options: GraphOptions): Promise<Graph> {
  const { entra } = options;
  const state: State = {
    url: '',
    tokens: text => entra.accessToken(text),
    people: entra.people,
    partner: options.partner ?? HOME.id,
    customers: makeCustomers(),
    pageSize: options.pageSize ?? 2,
    requests: [],
    next: [],
    always: undefined,
  };
  const listening = await listen(serve(state), options.port ?? 0);
  state.url = listening.url;
  return {
    ...listening,
    customers: state.customers,
    requests: state.requests,
    next: (...answers) => {
      state.next.push(...answers);
    },
    always(answer) {
      state.next.length = 0;
      state.always = answer;
    },
  };
}
