/**
Imported before all else, for schemas ask as they are made. zod would compile each at its first use, which pays after
thousands of values: a process that answers one click sees a few, and one that scans has better things to wait for.
*/
import { z } from 'zod';

z.config({ jitless: true });
