#!/usr/bin/env node
import { program } from './program.ts';

process.exitCode = await program(process.argv.slice(2), {
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
  env: process.env,
  exit: (code) => process.exit(code),
  isTerminal: { out: process.stdout.isTTY === true, err: process.stderr.isTTY === true },
});
