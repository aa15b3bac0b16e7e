// Stands in for @vscode/spdlog in the VS Code server from npm, whose native part is not built: without it every output channel
// stays empty. Writes each message to its file at once; levels and rotation are left out, a server's life is short.

const { appendFileSync, mkdirSync } = require('node:fs');
const { dirname } = require('node:path');

exports.version = 0;
exports.setLevel = () => undefined;
exports.setFlushOn = () => undefined;

class Logger {
  #file;
  #raw = false;
  #level = 0;

  constructor(_type, _name, file) {
    this.#file = file;
    mkdirSync(dirname(file), { recursive: true });
  }

  trace(message) {
    this.#write(0, 'trace', message);
  }

  debug(message) {
    this.#write(1, 'debug', message);
  }

  info(message) {
    this.#write(2, 'info', message);
  }

  warn(message) {
    this.#write(3, 'warning', message);
  }

  error(message) {
    this.#write(4, 'error', message);
  }

  critical(message) {
    this.#write(5, 'critical', message);
  }

  getLevel() {
    return this.#level;
  }

  setLevel(level) {
    this.#level = level;
  }

  setPattern() {}

  /** From now on a message is written as it is: an output channel brings its own line ends. */
  clearFormatters() {
    this.#raw = true;
  }

  flush() {}

  drop() {}

  #write(level, name, message) {
    if (level < this.#level) return;
    const now = new Date().toISOString().replace('T', ' ').replace('Z', '');
    appendFileSync(this.#file, this.#raw ? message : `${now} [${name}] ${message}\n`);
  }
}

exports.Logger = Logger;
exports.createRotatingLogger = async (name, file) => new Logger('rotating', name, file);
exports.createAsyncRotatingLogger = async (name, file) => new Logger('rotating_async', name, file);
