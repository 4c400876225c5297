import { Ajv2020, type ErrorObject } from 'ajv/dist/2020.js';
import type { FindingCode } from './codes.ts';
import { type Draft, leaveOut } from './draft.ts';
import type { Report } from './findings.ts';
import { quote } from './findings.ts';
import type { Path } from './location.ts';
import { nearest } from './nearest.ts';
import { type Settings, secretReferenceTitle, settingsJsonSchema } from './schema/index.ts';
import { expectation, kindOf, type SchemaNode, typeMatches } from './schema-words.ts';

/** The codes of values that their pattern refuses, by the title of their schema. */
const patternCodes: Readonly<Record<string, FindingCode>> = {
  Duration: 'INVALID_DURATION',
  Time: 'INVALID_TIME',
  URL: 'INVALID_URL',
  'Address range': 'INVALID_RANGE',
  'Listen address': 'INVALID_ADDRESS',
  'Path pattern': 'INVALID_PATTERN',
  'Directory id': 'INVALID_ID',
  'Header name': 'INVALID_HEADER',
};

const validate = compile();

function compile() {
  // `oneOf` names keys of the map around it, which strictRequired does not look for.
  const ajv = new Ajv2020({ allErrors: true, verbose: true, strict: true, strictRequired: false });
  ajv.addVocabulary(['patternErrorMessage']);
  return ajv.compile(settingsJsonSchema());
}

/**
 * Compares a document with the schema, reports every difference and leaves out what differs.
 * @param value the document; it is changed in place
 * @returns undefined where the document is no map at all
 */
export function checkStructure(value: unknown, report: Report): Draft<Settings> | undefined {
  if (validate(value)) return value as Draft<Settings>;
  const errors = relevant(validate.errors ?? []);
  const located = errors.map(error => ({ error, path: pathOf(error.instancePath, value) }));
  for (const { error, path } of located) reportDifference(error, path, report);
  for (const { error, path } of located) {
    if (error.keyword === 'additionalProperties') leaveOut(value, [...path, error.params.additionalProperty]);
    else if (error.keyword !== 'required') leaveOut(value, path);
  }
  return kindOf(value) === 'a map' ? (value as Draft<Settings>) : undefined;
}

/** Of a choice between schemas, only the differences from the one that the value was meant to follow. */
function relevant(errors: readonly ErrorObject[]): ErrorObject[] {
  const choices = errors.filter(({ keyword }) => keyword === 'anyOf' || keyword === 'oneOf');
  const meant = (choice: ErrorObject) =>
    choice.keyword === 'anyOf'
      ? (choice.schema as SchemaNode[]).findIndex(branch => typeMatches(branch, choice.data))
      : -1;
  return errors.filter(error => {
    if (error.keyword === 'anyOf' && meant(error) !== -1) return false;
    return choices.every(choice => {
      if (error === choice || !isWithin(error, choice)) return true;
      return error.schemaPath.startsWith(`${choice.schemaPath}/${meant(choice)}/`);
    });
  });
}

function isWithin(error: ErrorObject, choice: ErrorObject): boolean {
  const sameValue =
    error.instancePath === choice.instancePath || error.instancePath.startsWith(`${choice.instancePath}/`);
  return sameValue && error.schemaPath.startsWith(`${choice.schemaPath}/`);
}

function reportDifference(error: ErrorObject, path: Path, report: Report): void {
  const schema = error.parentSchema as SchemaNode;
  const confidential = schema.title === secretReferenceTitle;
  switch (error.keyword) {
    case 'additionalProperties': {
      const key: string = error.params.additionalProperty;
      const known = Object.keys(schema.properties ?? {});
      const near = nearest(key, known);
      if (confidential) {
        // In `{secret: {s3cret}}` the key is the secret itself.
        report('UNKNOWN_KEY', path, 'an unknown key; expected {env: NAME} or {file: /path}');
      } else {
        const advice = near === undefined ? `expected one of ${known.join(', ')}` : `did you mean ${quote(near)}?`;
        report('UNKNOWN_KEY', [...path, key], `unknown key ${quote(key)}; ${advice}`, 'key');
      }
      return;
    }
    case 'required':
      report(
        'MISSING_KEY',
        [...path, error.params.missingProperty],
        path.length === 0 ? 'is required; config/minimal.yaml shows the least that works' : 'is required',
        'key',
      );
      return;
    case 'minItems':
      report('MISSING_KEY', path, 'expected at least one entry, found an empty list', 'key');
      return;
    case 'oneOf': {
      const keys = (error.schema as { required: [string] }[]).map(({ required }) => required[0]);
      const found = keys.filter(key => Object.hasOwn(error.data as object, key));
      const names = (list: string[]) => list.map(quote).join(', ');
      report(
        'CHOOSE_ONE',
        path,
        `expected exactly one of ${names(keys)}, found ${found.length === 0 ? 'none of them' : names(found)}`,
        'key',
      );
      return;
    }
    case 'type':
    case 'anyOf': {
      const advice = kindOf(error.data) === 'a number' && typeMatches(schema, '') ? ' (quotes make it text)' : '';
      report('WRONG_TYPE', path, `expected ${expectation(schema)}, found ${kindOf(error.data)}${advice}`);
      return;
    }
    default: {
      const code = (error.keyword === 'pattern' && patternCodes[schema.title ?? '']) || 'INVALID_VALUE';
      const quotable = error.keyword !== 'minLength' && !/environment variable/.test(schema.patternErrorMessage ?? '');
      report(code, path, `expected ${expectation(schema)}${quotable ? `, found ${quote(error.data)}` : ''}`);
    }
  }
}

function pathOf(pointer: string, root: unknown): Path {
  const path: (string | number)[] = [];
  let value = root;
  for (const escaped of pointer.split('/').slice(1)) {
    const step = escaped.replaceAll('~1', '/').replaceAll('~0', '~');
    path.push(Array.isArray(value) ? Number(step) : step);
    value = (value as Record<string, unknown>)[step];
  }
  return path;
}
