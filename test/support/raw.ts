import { connect } from 'node:net';

/** What came back on a connection until it was quiet or closed. */
export interface RawAnswer {
  readonly text: string;
  /** The status codes of the answers, in order, interim ones included. */
  readonly statuses: readonly number[];
  readonly closed: boolean;
}

/**
 * Sends bytes as they are, which no client library would, and collects what comes back.
 * @param address `http://host:port`
 * @param until ends the wait as soon as the text that came back satisfies it
 */
export function sendRaw(address: string, bytes: string | Buffer, until: (text: string) => boolean): Promise<RawAnswer> {
  const { hostname, port } = new URL(address);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname);
    let text = '';
    let closed = false;
    const finish = () => {
      clearTimeout(late);
      socket.destroy();
      const statuses = [...text.matchAll(/^HTTP\/1\.1 (\d{3})/gm)].map(([, status]) => Number(status));
      resolve({ text, statuses, closed });
    };
    const late = setTimeout(() => reject(new Error(`Nothing that was waited for came back, but: ${text}`)), 10_000);
    socket.on('connect', () => socket.write(bytes));
    socket.on('data', data => {
      text += data.toString('latin1');
      if (until(text)) finish();
    });
    socket.on('error', () => {});
    socket.on('close', () => {
      closed = true;
      finish();
    });
  });
}

/** One whole answer with a Content-Length is there. */
export function wholeAnswer(text: string): boolean {
  const head = text.indexOf('\r\n\r\n');
  const length = /content-length: (\d+)/i.exec(text)?.[1];
  return head > 0 && length !== undefined && Buffer.byteLength(text.slice(head + 4), 'latin1') >= Number(length);
}
