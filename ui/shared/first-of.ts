/** For a place that Stash renders twice: only the first mounted instance renders. */
export type FirstOf = {
  /** Calls back at once, and when an earlier instance unmounts. @returns unmounts */
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
