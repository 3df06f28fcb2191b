const { default: Sequencer } = require("@jest/test-sequencer");

/**
 * What waits for other processes the longest begins first, so that nothing long is left to run
 * alone at the end.
 */
const FIRST = [
  "test/e2e/crash",
  "test/e2e/secrets-canary",
  "test/e2e/",
  "test/faults/",
  "test/request/hostile",
  "test/ledger/azure-ledger",
];

module.exports = class SlowestFirst extends Sequencer {
  sort(tests) {
    const rank = ({ path }) => {
      const place = FIRST.findIndex((part) => path.includes(part));
      return place === -1 ? FIRST.length : place;
    };
    return [...super.sort(tests)].sort((a, b) => rank(a) - rank(b));
  }
};
