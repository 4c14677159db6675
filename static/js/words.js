// Counts words the way nominations/words.py does.

const IDEOGRAPHS = "\\u3040-\\u30ff\\u3400-\\u4dbf\\u4e00-\\u9fff\\uf900-\\ufaff\\u{20000}-\\u{323af}";
const SPACES = "\\t\\n\\v\\f\\r \\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000\\ufeff";
const CHUNK = new RegExp(`[${IDEOGRAPHS}]|[^${SPACES}${IDEOGRAPHS}]+`, "gu");
const LETTER_OR_DIGIT = /[\p{L}\p{N}]/u;

export function countWords(text) {
  return (text.match(CHUNK) ?? []).filter((chunk) => LETTER_OR_DIGIT.test(chunk)).length;
}
