import { testCredits } from './people/store-credits.ts';
import { testIdentifications } from './store-identifications.ts';
import { testUnmatched } from './suggestions/store-unmatched.ts';
import { testLocks } from './store-locks.ts';
import { testDecisions } from './store-decisions.ts';
import { testObservations } from './store-observations.ts';
import { testMergedPeople } from './people/store-people-merged.ts';
import { testPeopleNames } from './people/store-people-names.ts';
import { testPeople } from './people/store-people.ts';
import { testRuns } from './store-runs.ts';
import type { CreateStore } from './store-samples.ts';
import { testSuggestionPages } from './suggestions/store-suggestion-pages.ts';
import { testSuggestions } from './suggestions/store-suggestions.ts';
import { testOptions } from './suggestions/store-options.ts';
import { testStanding } from './suggestions/store-standing.ts';
import { testState, testTransactions } from './store-transactions.ts';
import { testWork } from './store-work.ts';

/** What every store must do, whatever it is made of. */
export function testStore(name: string, create: CreateStore): void {
  testWork(name, create);
  testRuns(name, create);
  testLocks(name, create);
  testObservations(name, create);
  testIdentifications(name, create);
  testUnmatched(name, create);
  testCredits(name, create);
  testPeople(name, create);
  testPeopleNames(name, create);
  testMergedPeople(name, create);
  testSuggestions(name, create);
  testSuggestionPages(name, create);
  testStanding(name, create);
  testOptions(name, create);
  testDecisions(name, create);
  testState(name, create);
  testTransactions(name, create);
}
