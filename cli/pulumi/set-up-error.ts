import { ProductError } from "../../providers/domain/errors.ts";

type Fault = "machine" | "service";

/**
 * The Pulumi CLI cannot be had. `machine`: something is missing on this machine (Go, a writable
 * cache, disk space), exit 2; `service`: something outside did not answer or did not work (the
 * network, a compile), exit 3. The hint says what to do.
 */
export class SetUpError extends ProductError {
  readonly code = "SET_UP";
  readonly disposition: "wrongUse" | "service";

  constructor(fault: Fault, message: string, options: { hint?: string; cause?: unknown } = {}) {
    super(message, options);
    this.disposition = fault === "machine" ? "wrongUse" : "service";
  }
}
