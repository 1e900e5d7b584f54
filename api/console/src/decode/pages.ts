/** What is fetched together. */

import { addWords } from "../words";
import { en } from "../words/decode.en";
import { zh } from "../words/decode.zh";

addWords({ en, zh });

export { DecodePage } from "./DecodePage";
