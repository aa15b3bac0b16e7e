import { closeSync, openSync } from 'node:fs';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import type { Input, Journal, Position, Recording } from './journal.ts';

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS checkpoint (id INTEGER PRIMARY KEY CHECK (id = 1), program TEXT NOT NULL, data TEXT NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS input (sequence INTEGER PRIMARY KEY, data TEXT NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS position (id INTEGER PRIMARY KEY CHECK (id = 1), events INTEGER NOT NULL, time REAL NOT NULL) STRICT;
`;

/**
 * A Journal in one SQLite file. Write-ahead log with synchronous=FULL: a commit is on the disk when it returns.
 * Invariant: one process at a time. @throws Error if the file is no database, or another process has had it open for two seconds
 */
export class SqliteJournal implements Journal {
  private readonly database: DatabaseSync;
  private readonly insertInput: StatementSync;
  private readonly setPosition: StatementSync;

  constructor(file: string) {
    // It holds Secrets, so it is readable by the user alone. SQLite gives its other files the mode of this one.
    closeSync(openSync(file, 'a', 0o600));
    this.database = new DatabaseSync(file, { timeout: 2_000 });
    // Two programs on one recording would each repeat what the other wrote: the lock is held until the end, a killed process loses it.
    this.database.exec(
      'PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 1000;',
    );
    this.database.exec(SCHEMA);
    this.insertInput = this.database.prepare('INSERT INTO input (data) VALUES (?)');
    this.setPosition = this.database.prepare('INSERT OR REPLACE INTO position (id, events, time) VALUES (1, ?, ?)');
  }

  load(): Recording | undefined {
    const row = this.database.prepare('SELECT program, data FROM checkpoint WHERE id = 1').get();
    if (row === undefined) return undefined;
    const inputs = this.database.prepare('SELECT data FROM input ORDER BY sequence').all();
    const position = this.database.prepare('SELECT events, time FROM position WHERE id = 1').get();
    return {
      program: String(row['program']),
      checkpoint: String(row['data']),
      inputs: inputs.map((input) => JSON.parse(String(input['data'])) as Input),
      position: position === undefined ? undefined : { events: Number(position['events']), time: Number(position['time']) },
    };
  }

  append(input: Input): void {
    this.insertInput.run(JSON.stringify(input));
  }

  mark(position: Position): void {
    this.setPosition.run(position.events, position.time);
  }

  checkpoint(program: string, checkpoint: string): void {
    this.database.exec('BEGIN IMMEDIATE');
    try {
      this.database.prepare('INSERT OR REPLACE INTO checkpoint (id, program, data) VALUES (1, ?, ?)').run(program, checkpoint);
      this.database.exec('DELETE FROM input; DELETE FROM position; COMMIT');
    } catch (error) {
      this.database.exec('ROLLBACK');
      throw error;
    }
  }

  get isOpen(): boolean {
    return this.database.isOpen;
  }

  close(): void {
    this.database.close();
  }
}
