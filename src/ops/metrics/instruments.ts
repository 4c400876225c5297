import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import { type Definition, PREFIX } from './definitions.ts';

type Of<Type extends Definition['type'], Label extends string> = Definition & {
  readonly type: Type;
  readonly labels: readonly Label[];
};

/** Makes prom-client's objects of definitions, in one registry. */
export function createInstruments(registry: Registry) {
  const shape = <Label extends string>({ name, help, labels }: Of<Definition['type'], Label>) => ({
    name: PREFIX + name,
    help,
    labelNames: labels,
    registers: [registry],
  });
  return {
    counter: <Label extends string>(definition: Of<'counter', Label>): Counter<Label> => new Counter(shape(definition)),
    gauge: <Label extends string>(definition: Of<'gauge', Label>): Gauge<Label> => new Gauge(shape(definition)),
    histogram: <Label extends string>(definition: Of<'histogram', Label>): Histogram<Label> =>
      new Histogram({ ...shape(definition), buckets: [...(definition.buckets ?? [])] }),
  };
}
