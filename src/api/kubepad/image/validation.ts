import {
  duplicate,
  forbidden,
  invalid,
  notSupported,
  required,
  type ErrorList,
  type FieldError,
} from '../../../apimachinery/field/error.ts';
import { Path } from '../../../apimachinery/field/path.ts';
import { parseQuantity, value } from '../../../apimachinery/quantity/quantity.ts';
import { parseDuration } from '../duration.ts';
import { isTag, parseReference } from './reference.ts';
import {
  FILE_TYPES,
  type FailingPath,
  type Image,
  type ImageConfig,
  type ImageFile,
  type ImageHealthcheck,
  type ImageLayer,
  type ImageProgram,
  type ImageSpec,
} from './types.ts';

const SPEC = Path.of('spec');
const CONFIG = SPEC.child('config');
const PROGRAM = SPEC.child('program');
const DIGEST = /^sha256:[0-9a-f]{64}$/;
const DURATION = 'must be a duration greater than 0 (e.g. 30s, 400ms, 1h30m)';
const ABSOLUTE = 'must be an absolute path without `.`, `..` and a slash at the end';
/** As the objects of a real cluster may be at most so large, all files of an image may have so many bytes. */
export const CONTENT_LIMIT = 1024 * 1024;

export function validateImage({ spec }: Image): ErrorList {
  if (spec === undefined) return [required(SPEC.child('repository'), '')];
  const errors: FieldError[] = [];
  checkNames(errors, spec);
  (spec.layers ?? []).forEach((layer, index) => checkLayer(errors, layer, SPEC.child('layers').index(index)));
  checkContent(errors, spec.layers ?? []);
  if (spec.config !== undefined) checkConfig(errors, spec.config);
  if (spec.program !== undefined) checkProgram(errors, spec.program);
  if (spec.base !== undefined && parseReference(spec.base) === undefined)
    errors.push(invalid(SPEC.child('base'), spec.base, 'must be the name of an image (e.g. node:24-alpine)'));
  if (spec.source?.dockerfile === '') errors.push(required(SPEC.child('source', 'dockerfile'), ''));
  return errors;
}

function checkNames(errors: FieldError[], { repository, tags = [] }: ImageSpec): void {
  const path = SPEC.child('repository');
  if (repository === undefined || repository === '') errors.push(required(path, ''));
  else {
    const parsed = parseReference(repository);
    if (parsed === undefined)
      errors.push(invalid(path, repository, 'must be a registry and a path in lower case (e.g. localhost:5000/shop/web)'));
    else if (parsed.tag !== undefined || parsed.digest !== undefined)
      errors.push(invalid(path, repository, 'may not have a tag or a digest: tags belong into `tags`'));
  }
  tags.forEach((tag, index) => {
    const at = SPEC.child('tags').index(index);
    if (!isTag(tag)) errors.push(invalid(at, tag, "must be at most 128 letters, digits, '_', '-' or '.', the first no '-' or '.'"));
    if (tags.indexOf(tag) < index) errors.push(duplicate(at, tag));
  });
}

function checkLayer(errors: FieldError[], { digest, size, files = [] }: ImageLayer, path: Path): void {
  if (digest !== undefined && !DIGEST.test(digest))
    errors.push(invalid(path.child('digest'), digest, 'must be sha256: and 64 hexadecimal digits'));
  checkNotNegative(errors, path.child('size'), size);
  const seen = new Set<string>();
  files.forEach((file, index) => {
    const at = path.child('files').index(index);
    checkFile(errors, file, at);
    if (seen.has(file.path)) errors.push(duplicate(at.child('path'), file.path));
    seen.add(file.path);
  });
}

function checkFile(errors: FieldError[], { path, type = 'File', mode, text, base64, size }: ImageFile, at: Path): void {
  if (path === undefined || path === '') errors.push(required(at.child('path'), ''));
  else if (!isAbsolute(path)) errors.push(invalid(at.child('path'), path, ABSOLUTE));
  if (!FILE_TYPES.includes(type)) errors.push(notSupported(at.child('type'), type, FILE_TYPES));
  if (mode !== undefined && !(mode >= 0 && mode <= 0o7777))
    errors.push(invalid(at.child('mode'), mode, 'must be between 0 and 4095, inclusive'));
  if (size !== undefined) checkNotNegative(errors, at.child('size'), size);
  if (text !== undefined && base64 !== undefined) errors.push(forbidden(at.child('base64'), 'may not be set together with `text`'));
  if (base64 !== undefined && !/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(base64))
    errors.push(invalid(at.child('base64'), base64, 'must be base64'));
  if (type === 'File') return;
  for (const [field, given] of Object.entries({ text, base64, size }))
    if (given !== undefined) errors.push(forbidden(at.child(field), `may not be set when \`type\` is ${type}`));
}

function checkContent(errors: FieldError[], layers: readonly ImageLayer[]): void {
  let bytes = 0;
  for (const { files = [] } of layers) for (const { text = '', base64 = '' } of files) bytes += text.length + (base64.length * 3) / 4;
  if (bytes > CONTENT_LIMIT)
    errors.push(
      forbidden(SPEC.child('layers'), `files may have at most ${CONTENT_LIMIT} bytes of content together; use \`size\` for large ones`),
    );
}

function checkConfig(
  errors: FieldError[],
  { env = [], workingDir, ports = [], user, volumes = [], healthcheck, stopSignal }: ImageConfig,
): void {
  const names = new Set<string>();
  env.forEach(({ name }, index) => {
    const path = CONFIG.child('env').index(index).child('name');
    if (name === undefined || name === '') errors.push(required(path, ''));
    else if (name.includes('=')) errors.push(invalid(path, name, "may not contain '='"));
    if (names.has(name)) errors.push(duplicate(path, name));
    names.add(name);
  });
  if (workingDir !== undefined && workingDir !== '' && workingDir !== '/' && !isAbsolute(workingDir))
    errors.push(invalid(CONFIG.child('workingDir'), workingDir, ABSOLUTE));
  ports.forEach((port, index) => {
    const [, number] = /^(\d{1,5})(?:\/(?:tcp|udp|sctp))?$/.exec(port) ?? [];
    if (number === undefined || Number(number) < 1 || Number(number) > 65_535)
      errors.push(
        invalid(CONFIG.child('ports').index(index), port, 'must be a number between 1 and 65535, and a protocol (e.g. 8080/tcp)'),
      );
  });
  if (user !== undefined && !/^[^:\s]+(?::[^:\s]+)?$/.test(user))
    errors.push(invalid(CONFIG.child('user'), user, 'must be a name or number, and a group after a colon (e.g. node, 1000:1000)'));
  volumes.forEach((volume, index) => {
    if (!volume.startsWith('/')) errors.push(invalid(CONFIG.child('volumes').index(index), volume, ABSOLUTE));
  });
  if (stopSignal !== undefined && !/^(?:SIG[A-Z0-9+-]+|\d{1,2})$/.test(stopSignal))
    errors.push(invalid(CONFIG.child('stopSignal'), stopSignal, 'must be the name of a signal or its number (e.g. SIGTERM, 9)'));
  if (healthcheck !== undefined) checkHealth(errors, healthcheck, CONFIG.child('healthcheck'));
}

function checkHealth(errors: FieldError[], check: ImageHealthcheck, path: Path): void {
  const [kind] = check.test ?? [];
  if (kind === undefined) errors.push(required(path.child('test'), ''));
  else if (!TESTS.includes(kind)) errors.push(notSupported(path.child('test').index(0), kind, TESTS));
  for (const field of ['interval', 'timeout', 'startPeriod', 'startInterval'] as const)
    checkDuration(errors, path.child(field), check[field]);
  if (check.retries !== undefined) checkNotNegative(errors, path.child('retries'), check.retries);
}

function checkProgram(errors: FieldError[], program: ImageProgram): void {
  const { startTime, memory = [], cpuPerRequest, exitAfter, exitCode, failingPaths = [] } = program;
  checkDuration(errors, PROGRAM.child('startTime'), startTime);
  memory.forEach(({ after, amount }, index) => {
    const path = PROGRAM.child('memory').index(index);
    if (after !== undefined && parseDuration(after) === undefined)
      errors.push(invalid(path.child('after'), after, 'must be a duration (e.g. 30s)'));
    const parsed = amount === undefined || amount === '' ? undefined : parseQuantity(amount);
    if (parsed === undefined) errors.push(required(path.child('amount'), ''));
    else if ('error' in parsed) errors.push(invalid(path.child('amount'), amount, parsed.error));
    else if (value(amount) <= 0) errors.push(invalid(path.child('amount'), amount, 'must be greater than 0'));
  });
  checkDuration(errors, PROGRAM.child('cpuPerRequest'), cpuPerRequest);
  checkDuration(errors, PROGRAM.child('exitAfter'), exitAfter);
  if (exitCode !== undefined && !(exitCode >= 0 && exitCode <= 255))
    errors.push(invalid(PROGRAM.child('exitCode'), exitCode, 'must be between 0 and 255, inclusive'));
  if (exitCode !== undefined && exitAfter === undefined)
    errors.push(forbidden(PROGRAM.child('exitCode'), 'may only be set together with `exitAfter`'));
  failingPaths.forEach((failing, index) => checkFailingPath(errors, failing, PROGRAM.child('failingPaths').index(index)));
}

function checkFailingPath(errors: FieldError[], { path, after, code, port }: FailingPath, at: Path): void {
  if (path === undefined || path === '') errors.push(required(at.child('path'), ''));
  else if (!path.startsWith('/')) errors.push(invalid(at.child('path'), path, "must begin with '/'"));
  if (after !== undefined && parseDuration(after) === undefined)
    errors.push(invalid(at.child('after'), after, 'must be a duration (e.g. 30s)'));
  if (code !== undefined && !(code >= 400 && code <= 599))
    errors.push(invalid(at.child('code'), code, 'must be between 400 and 599, inclusive'));
  if (port !== undefined && !(port >= 1 && port <= 65_535))
    errors.push(invalid(at.child('port'), port, 'must be between 1 and 65535, inclusive'));
}

function checkDuration(errors: FieldError[], path: Path, text: string | undefined): void {
  if (text !== undefined && !((parseDuration(text) ?? 0) > 0)) errors.push(invalid(path, text, DURATION));
}

function checkNotNegative(errors: FieldError[], path: Path, number: number): void {
  if (number < 0) errors.push(invalid(path, number, 'must be greater than or equal to 0'));
}

function isAbsolute(path: string): boolean {
  return /^(?:\/[^/]+)+$/.test(path) && !/\/\.{1,2}(?:\/|$)/.test(path);
}

const TESTS = ['CMD', 'CMD-SHELL', 'NONE'];
