import { createHash } from 'node:crypto';
import { dirname } from 'node:path';
import { buildConfig, buildLayout, type Layout } from './build/index.ts';
import { checkMeaning } from './checks/index.ts';
import type { Config } from './config.ts';
import { parseSettings, type SettingsDocument } from './document.ts';
import { createFiles, type Files } from './files.ts';
import { type Finding, hasErrors, makeFinding, pathText, type Report, sortFindings } from './findings.ts';
import { readOutside } from './outside.ts';
import type { Settings } from './schema/index.ts';
import { readText } from './secrets.ts';
import { checkStructure } from './structure.ts';
import { checkSupported } from './unsupported.ts';

export interface LoadOptions {
  /** Leaves out what lies outside the file, secrets and certificates; there is no Config then. Default false. */
  readonly static?: boolean;
  /** Where `{env: NAME}` is looked up. Default: the process's own. */
  readonly env?: NodeJS.ProcessEnv;
}

export interface Loaded {
  /** There unless a finding is an error. */
  readonly config?: Config;
  /** There unless a finding is an error, also where what lies outside the file was left out. */
  readonly layout?: Layout;
  /** Errors before warnings, each in order of position. */
  readonly findings: readonly Finding[];
  /** What was read, or should have been: the settings file and those that it names. */
  readonly files: Pick<Files, 'paths' | 'fingerprint'>;
}

/** What whoever has no settings yet can do. */
const beginning = '; whoever has no settings yet begins with a copy of config/minimal.yaml';
const minimalContents =
  'version: 1, halo (upstream), portals (name, kind, url), connections (name, published, tenant, clientId, credential, allow, autoRedirect) and session (secret)';

/**
 * Reads a settings file, YAML or JSON. Never rejects: whatever is wrong is a finding.
 * @param file as it is to be named in findings; relative paths within it lead from its directory
 */
export async function loadSettings(file: string, options: LoadOptions = {}): Promise<Loaded> {
  const files = createFiles();
  const { value, problem = '', missing = false } = readText(file, { directory: '.', env: {}, static: false, files });
  if (value === undefined) {
    return {
      findings: [makeFinding('FILE_UNREADABLE', file, { line: 1, column: 1 }, `${problem}${missing ? beginning : ''}`)],
      files,
    };
  }
  return loadText(value, { ...options, file }, files);
}

/** The same for a text that is already at hand; `file` is the name that findings carry. */
export async function loadSettingsText(
  text: string,
  options: LoadOptions & { readonly file: string },
): Promise<Loaded> {
  return loadText(text, options, createFiles());
}

function loadText(text: string, options: LoadOptions & { readonly file: string }, files: Files): Loaded {
  const { file } = options;
  const document = parseSettings(text);
  const findings: Finding[] = document.problems.map(({ code, message, ...position }) =>
    makeFinding(code, file, { line: position.line, column: position.column }, message),
  );
  const finish = (built: Omit<Loaded, 'findings' | 'files'> = {}): Loaded => ({
    ...built,
    findings: sortFindings(findings),
    files,
  });
  if (document.value === undefined) return finish();
  if (document.value === null) {
    findings.push(
      makeFinding(
        'EMPTY_FILE',
        file,
        { line: 1, column: 1 },
        `the file is empty; begin with a copy of config/minimal.yaml. The least is ${minimalContents}`,
      ),
    );
    return finish();
  }

  const report = reporter(document, file, findings);
  // First: what is not supported at all has no wrong parts.
  checkSupported(document.value, report);
  const draft = checkStructure(document.value, report);
  if (draft === undefined) return finish();
  checkMeaning(draft, report);
  const surroundings = {
    directory: dirname(file),
    env: options.env ?? process.env,
    static: options.static ?? false,
    files,
  };
  const outside = readOutside(draft, surroundings, report);
  if (hasErrors(findings)) return finish();
  // Nothing was left out, so the draft is the settings.
  const settings = draft as Settings;
  const layout = buildLayout(settings);
  if (surroundings.static) return finish({ layout });
  return finish({ layout, config: buildConfig(settings, outside, createHash('sha256').update(text).digest('hex')) });
}

function reporter(document: SettingsDocument, file: string, findings: Finding[]): Report {
  const settings = new Set<string>();
  const places = new Set<string>();
  return (code, path, message, anchor = 'value') => {
    const setting = pathText(path);
    const position = document.locate(path, anchor);
    const place = `${position.line}:${position.column} ${code} ${path.at(-1)} ${message}`;
    // What was found wrong has been left out, and is not missing as well; what an alias makes appear twice stands in the file once.
    if ((code === 'MISSING_KEY' && settings.has(setting)) || places.has(place)) return;
    settings.add(setting);
    places.add(place);
    findings.push(makeFinding(code, file, position, setting === '' ? message : `${setting}: ${message}`));
  };
}
