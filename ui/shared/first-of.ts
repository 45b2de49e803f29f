/** Where Stash draws a place twice: only the first of ours on screen is told that it is the first. */
export type FirstOf = {
  /** Calls back at once, and again when an earlier one left. @returns how to leave */
  enter: (tell: (isFirst: boolean) => void) => () => void;
};

export function createFirstOf(): FirstOf {
  const onScreen: ((isFirst: boolean) => void)[] = [];
  return {
    enter(tell) {
      onScreen.push(tell);
      tell(onScreen[0] === tell);
      return () => {
        onScreen.splice(onScreen.indexOf(tell), 1);
        onScreen[0]?.(true);
      };
    },
  };
}
