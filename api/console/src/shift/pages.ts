/** What is fetched together. */

import { addWords } from "../words";
import { en } from "../words/shift.en";
import { zh } from "../words/shift.zh";

addWords({ en, zh });

export { RotaPage } from "./RotaPage";
export { ShiftPage } from "./ShiftPage";
