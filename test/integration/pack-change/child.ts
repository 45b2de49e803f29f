/** Changes the face pack and is killed at its n-th step. See `pack-change.test.ts`. */
import { changeInSteps, emptyLibrary } from './steps.ts';

const [folder = '', weights = '', files = '', at = '0'] = process.argv.slice(2);
let steps = 0;
await changeInSteps({ after: () => undefined }, { folder, weights, stash: emptyLibrary(files) }, () => {
  if (++steps === Number(at)) process.kill(process.pid, 'SIGKILL');
});
