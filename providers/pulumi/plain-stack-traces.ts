/**
 * Pulumi's programs map every stack trace through the source maps of its SDK, and the SDK takes a
 * stack trace with each output of each resource: most of a big run's time. Node runs our own code
 * as it is written, so that nothing needs mapping. Imported for its effect.
 */
Reflect.deleteProperty(Error, "prepareStackTrace");
