// The rooms of the product and the arrows between them: down only, and adapters never import one
// another.
const adapters = ["request", "engine", "graph", "escrow", "ledger"];
// What each of them may look down to: who signs in is asked by those that call Microsoft.
const below = (room) =>
  ["domain", "support", "rules", room, ...(["graph", "escrow", "ledger"].includes(room) ? ["identity"] : [])].join("|");
const rule = (name, from, to) => ({ name, severity: "error", from: { path: from }, to: { path: to } });
const product = "^(index\\.ts|providers|cli|emulator|report|review|notify|policy|infrastructure|test|bench)";

module.exports = {
  forbidden: [
    { name: "no-cycles", severity: "error", from: {}, to: { circular: true } },
    rule(
      "domain-imports-nothing-of-ours",
      "^providers/domain/",
      "^(?!providers/domain/)(index\\.ts|providers|cli|emulator|report|review|notify|policy|infrastructure|test|bench)",
    ),
    {
      name: "domain-imports-no-package",
      severity: "error",
      from: { path: "^providers/domain/" },
      to: { dependencyTypes: ["npm", "npm-dev", "core"] },
    },
    ...adapters.map((room) =>
      rule(
        `${room}-looks-down`,
        `^providers/${room}/`,
        `^(?!providers/(${below(room)})/)(index\\.ts|providers|cli|emulator|report|review|notify|policy|infrastructure|test|bench)`,
      ),
    ),
    rule(
      "identity-looks-down",
      "^providers/identity/",
      "^(?!providers/(domain|support|identity)/)(index\\.ts|providers|cli|emulator|report|review|notify|policy|infrastructure|test|bench)",
    ),
    rule(
      "telemetry-looks-down",
      "^providers/telemetry/",
      "^(?!providers/(domain|support|telemetry)/)(index\\.ts|providers|cli|emulator|report|review|notify|policy|infrastructure|test|bench)",
    ),
    {
      name: "opentelemetry-in-one-folder",
      severity: "error",
      from: { path: product, pathNot: "^(providers/telemetry/otel|test)/" },
      to: { path: "node_modules/@opentelemetry/" },
    },
    rule("stores-never-import-one-another", "^providers/(escrow|ledger)/([^/]+)/", "^providers/(escrow|ledger)/(?!$2/)[^/]+/"),
    // What stores share knows none of them; one list per room names them all.
    rule(
      "one-list-names-the-stores",
      "^providers/(escrow|ledger)/(?!(escrow|ledger)-stores\\.ts$)[^/]+$",
      "^providers/(escrow|ledger)/[^/]+/",
    ),
    rule("the-program-does-not-act", "^providers/pulumi/program/", "^providers/pulumi/(provider/|[a-z-]*provider\\.ts)"),
    rule("the-provider-loads-no-program", "^providers/pulumi/(provider/|[a-z-]*provider\\.ts)", "^providers/pulumi/program/"),
    rule(
      "both-processes-share-what-is-beside-them",
      "^providers/pulumi/(?![a-z-]*provider\\.ts)[^/]+$",
      "^providers/pulumi/(program|provider)/",
    ),
    rule(
      "rules-look-down",
      "^providers/rules/",
      "^(?!providers/(domain|support|rules)/)(index\\.ts|providers|cli|emulator|report|review|notify|policy|infrastructure|test|bench)",
    ),
    rule(
      "support-imports-domain-only",
      "^providers/support/",
      "^(?!providers/(domain|support)/)(index\\.ts|providers|cli|emulator|report|review|notify|policy|infrastructure|test|bench)",
    ),
    rule("pulumi-room-looks-down", "^providers/pulumi/", "^(index\\.ts|cli|emulator|report|notify|policy|infrastructure|test|bench)"),
    { name: "pulumi-sdk-in-one-room", severity: "error", from: { path: "^providers/(?!pulumi/)" }, to: { path: "node_modules/@pulumi/" } },
    rule("notify-looks-down", "^notify/", "^(index\\.ts|providers/pulumi|cli|emulator|report|review|policy|infrastructure|test|bench)"),
    rule("report-looks-down", "^report/", "^(index\\.ts|providers/pulumi|cli|emulator|notify|policy|infrastructure|test|bench)"),
    // The program writes reviews and the provider keeps to them: what a review is knows neither.
    rule("review-looks-down", "^review/", "^(index\\.ts|providers/pulumi|cli|emulator|report|notify|policy|infrastructure|test|bench)"),
    {
      name: "emulator-for-cli-test-bench",
      severity: "error",
      from: { path: product, pathNot: "^(emulator|cli|test|bench)/" },
      to: { path: "^emulator/" },
    },
    // Its first file, which any Node reads, says which Node it takes, as the program's does.
    rule(
      "policy-imports-domain-only",
      "^policy/",
      "^(?!policy/|providers/domain/|providers/support/other-node\\.js)(index\\.ts|providers|cli|emulator|report|infrastructure|test|bench)",
    ),
    rule(
      "infrastructure-looks-down",
      "^infrastructure/",
      "^(index\\.ts|providers/(?!(domain|support)/)|cli|emulator|report|review|notify|policy|test|bench)",
    ),
    rule("nothing-imports-infrastructure", "^(?!infrastructure/|cli/|test/)", "^infrastructure/(?!node_modules/)"),
    rule(
      "commands-load-no-azure-native",
      "^cli/",
      "^infrastructure/(index|program|azure-parts|access|identities|monitoring|place|roles|storage|vault)\\.ts$",
    ),
    rule("azure-native-in-one-room", "^(?!infrastructure/)", "^infrastructure/node_modules/"),
    { name: "nothing-imports-tests", severity: "error", from: { pathNot: "^(test|bench)/" }, to: { path: "^(test|bench)/" } },
    { name: "nothing-imports-the-commands", severity: "error", from: { pathNot: "^(cli|test|bench)/" }, to: { path: "^cli/" } },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: { extensions: [".ts", ".js", ".json"] },
  },
};
