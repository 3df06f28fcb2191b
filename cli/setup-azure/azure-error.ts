import { ProductError } from "../../providers/domain/errors.ts";

/**
 * Azure refused, or could not be reached. What was made until then stays, and the next run goes on
 * from there.
 */
export class AzureError extends ProductError {
  readonly code = "AZURE";
  readonly disposition = "service";
}
