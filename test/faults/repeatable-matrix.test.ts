import { describeMatrix, oneOfFew } from "./matrix.ts";
import { REPEATABLE } from "./subjects.ts";

describeMatrix(REPEATABLE, oneOfFew);
