/**
Imported before all else, for schemas ask as they are made. zod would compile each at its first use, which pays after
thousands of values: a process that answers one click sees a few, and one that scans has better things to wait for.

The environment is set here and not only where a compiled package is loaded, so that worker threads and child processes,
which get a copy of it, have it too.
*/
import { z } from 'zod';
import { NO_TELEMETRY } from '../core/no-telemetry.ts';

z.config({ jitless: true });
Object.assign(process.env, NO_TELEMETRY);
