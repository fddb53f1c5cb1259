// What must come of every hostile file, in the words of hostile-outcome.ts: rows that are kept, then those left out by
// reason, or the refusal. Nothing here may be lost without a word; what a file says is never taken for something else.

export const EXPECTED: Readonly<Record<string, string>> = {
  'semicolons.csv': 'ann A 2024-01-01T00:00:00Z 5',
  'semicolons with decimal commas.csv': 'ann A 2024-01-01T00:00:00Z 5.5; bob A 2024-01-02T00:00:00Z 1.25',
  'bars.csv': 'ann A 2024-01-01T00:00:00Z 5',
  'tabs named csv.csv': 'ann A 2024-01-01T00:00:00Z 5',
  'commas named tsv.tsv': 'ann Bought 2024-01-01T00:00:00Z 5',
  'tabs with commas inside.tsv': 'ann A, then B 2024-01-01T00:00:00Z',
  'mixed delimiters.csv': 'ann Bought 2024-01-01T00:00:00Z 5 | wrong number of columns 1',
  'old mac line ends.csv': 'ann A 2024-01-01T00:00:00Z; bob A 2024-01-02T00:00:00Z',
  'windows line ends.csv': 'ann A 2024-01-01T00:00:00Z; bob A 2024-01-02T00:00:00Z',
  'mixed line ends.csv': 'ann A 2024-01-01T00:00:00Z; bob A 2024-01-02T00:00:00Z',
  'no last line end.csv': 'ann Bought 2024-01-01T00:00:00Z 5',
  'blank lines everywhere.csv': 'ann Bought 2024-01-01T00:00:00Z 5',
  'sep line of a spreadsheet.csv':
    'refused COLUMNS: sep line of a spreadsheet.csv: no column holds times; name it: --map time=COLUMN. It has "column1", "column2", "column3", "column4".',
  'title above the header.csv':
    'refused COLUMNS: title above the header.csv: no column holds times; name it: --map time=COLUMN. It has "column1", "column2", "column3", "column4".',
  'comment above the header.csv':
    'refused COLUMNS: comment above the header.csv: no column holds times; name it: --map time=COLUMN. It has "column1", "column2", "column3", "column4".',
  'spaces around names.csv': 'ann A 2024-01-01T00:00:00Z',
  'names in capitals.csv': 'ann A 2024-01-01T00:00:00Z',
  'quoted header.csv': 'ann A 2024-01-01T00:00:00Z',
  'duplicate property names.csv': 'ann A 2024-01-01T00:00:00Z plan="x" plan (2)="y"',
  'duplicate person column.csv':
    'refused COLUMNS: duplicate person column.csv: "user_id", "user_id (2)" could each be the person; say which: --map user=user_id or --map user="user_id (2)".',
  'empty column name.csv': 'ann A 2024-01-01T00:00:00Z column4="x"',
  'all column names empty.csv':
    'refused COLUMNS: all column names empty.csv: no column looks like the person (user_id, customer_id, email, \u2026); name it: --map user=COLUMN. It has "column1", "column2", "column3"',
  'header twice.csv': 'ann Bought 2024-01-01T00:00:00Z 5; bob Bought 2024-01-02T00:00:00Z 5 | unreadable time 1',
  'no header at all.csv':
    'refused COLUMNS: no header at all.csv: no column looks like the person (user_id, customer_id, email, \u2026); name it: --map user=COLUMN. It has "column1", "column2", "column3", "col',
  'trailing delimiter.csv': 'ann A 2024-01-01T00:00:00Z; bob A 2024-01-02T00:00:00Z',
  'total row at the end.csv': 'ann Bought 2024-01-01T00:00:00Z 5 | missing event 1',
  'only quotes.csv':
    'refused NO_COLUMNS: only quotes.csv cannot be cut into columns: no comma, tab, semicolon or bar separates its lines into the same number of cells.',
  'only a line end.csv': 'refused EMPTY_FILE: only a line end.csv is empty.',
  'only spaces.csv': 'refused EMPTY_FILE: only spaces.csv is empty.',
  'only a byte order mark.csv': 'refused EMPTY_FILE: only a byte order mark.csv is empty.',
  'html error page.csv':
    'refused NO_COLUMNS: html error page.csv cannot be cut into columns: no comma, tab, semicolon or bar separates its lines into the same number of cells.',
  'xml.csv':
    'refused NO_COLUMNS: xml.csv cannot be cut into columns: no comma, tab, semicolon or bar separates its lines into the same number of cells.',
  'pdf.csv': 'refused FOREIGN_FILE: pdf.csv is a PDF; export it as CSV or JSON lines.',
  'names like a prototype.csv': 'ann A 2024-01-01T00:00:00Z __proto__="x" constructor="y" toString="z"',
  'sql in a cell.csv': "ann'); drop table rows; -- A 2024-01-01T00:00:00Z 5",
  'sql in a column name.csv': 'ann A 2024-01-01T00:00:00Z x" , \'y="z"',
  'a path as a person.csv': '../../etc/passwd A 2024-01-01T00:00:00Z 5',
  'formula cells.csv': '=cmd|calc +A 2024-01-01T00:00:00Z 5',
  'a thousand columns.csv':
    'refused TOO_MANY_COLUMNS: a thousand columns.csv has 1,003 columns; at most 500 are read. Leave out those that no workflow asks about.',
  'a name of ten thousand letters.csv':
    'ann nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn\u2026',
  'line ends in quotes.csv': 'ann Bou\nght 2024-01-01T00:00:00Z 5',
  'quote inside a bare cell.csv': 'ann 5" screen 2024-01-01T00:00:00Z 5',
  'quote never closed.csv':
    'ann Bought 2024-01-01T00:00:00Z 5; cid Bought 2024-01-03T00:00:00Z 5 | a quoted cell that is never closed 1',
  'quote never closed at the very end.csv': 'ann Bought 2024-01-01T00:00:00Z 5 | a quoted cell that is never closed 1',
  'text after a quote.csv': 'ann Bought 2024-01-01T00:00:00Z 5 | text after a closing quote 1',
  'backslash quotes.csv': 'ann Bought 2024-01-01T00:00:00Z 5 | text after a closing quote 1',
  'single quotes.csv': 'ann Bought 2024-01-01T00:00:00Z value="5" | unreadable time 1',
  'curly quotes.csv': '\u201cann\u201d Bought 2024-01-01T00:00:00Z 5',
  'quoted empty person.csv': 'ann Bought 2024-01-01T00:00:00Z 5 | missing person 1',
  'quoted delimiter.csv': 'ann, lee Bought 2024-01-01T00:00:00Z 5',
  'quadruple quotes.csv': '"ann" Bought 2024-01-01T00:00:00Z 5',
  'short row.csv': 'ann Bought 2024-01-01T00:00:00Z 5 | wrong number of columns 1',
  'long row.csv': 'ann Bought 2024-01-01T00:00:00Z 5 | wrong number of columns 1',
  'every row short.csv':
    'refused COLUMNS: every row short.csv: no column looks like the person (user_id, customer_id, email, \u2026); name it: --map user=COLUMN. It has "column1", "column2", "column3".',
  'every row long.csv':
    'refused COLUMNS: every row long.csv: no column looks like the person (user_id, customer_id, email, \u2026); name it: --map user=COLUMN. It has "column1", "column2", "column3", "colum',
  'row of delimiters.csv': 'ann Bought 2024-01-01T00:00:00Z 5 | missing person 1',
  'row of spaces.csv': 'ann Bought 2024-01-01T00:00:00Z 5 | wrong number of columns 1',
  'nul inside.csv': 'ann Bought 2024-01-01T00:00:00Z 5 | binary data (a NUL byte) 1',
  'nul bytes at the end.csv':
    'refused BINARY_FILE: nul bytes at the end.csv holds binary data, not text; export it as CSV or JSON lines in UTF-8.',
  'control characters.csv':
    'refused BINARY_FILE: control characters.csv holds binary data, not text; export it as CSV or JSON lines in UTF-8.',
  'field of a million bytes.csv':
    'ann Bought 2024-01-01T00:00:00Z 5; bob xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\u2026',
  'field over the limit.csv': 'ann Bought 2024-01-01T00:00:00Z 5 | a line longer than 2 MB 1',
  'byte order mark.csv': 'ann Bought 2024-01-01T00:00:00Z 5',
  'two byte order marks.csv': 'ann Bought 2024-01-01T00:00:00Z 5',
  'utf-16 little endian.csv': 'ann Bought 2024-01-01T00:00:00Z 5',
  'utf-16 big endian.csv': 'ann Bought 2024-01-01T00:00:00Z 5',
  'utf-16 without a mark.csv':
    'refused BINARY_FILE: utf-16 without a mark.csv holds binary data, not text; export it as CSV or JSON lines in UTF-8.',
  'latin-1 in one row.csv': 'ann Bought 2024-01-01T00:00:00Z 5 | not valid UTF-8 1',
  'latin-1 in the header.csv': 'ann A 2024-01-01T00:00:00Z caf\ufffd="x"',
  'overlong utf-8.csv': 'ann Bought 2024-01-01T00:00:00Z 5 | not valid UTF-8 1',
  'lone surrogate in utf-8.csv': 'ann Bought 2024-01-01T00:00:00Z 5 | not valid UTF-8 1',
  'cut utf-8 at the end.csv': 'ann Bought 2024-01-01T00:00:00Z 5; bob A 2024-01-02T00:00:00Z 5 | not valid UTF-8 1',
  'emoji and marks.csv': '\ud83d\ude00 na\u0308me 2024-01-01T00:00:00Z 5',
  'composed and decomposed ids.csv': 'e\u0301 A 2024-01-01T00:00:00Z 5; \u00e9 A 2024-01-01T00:00:00Z 5',
  'right to left.csv': '\u202eann \u05e9\u05dc\u05d5\u05dd 2024-01-01T00:00:00Z 5',
  'zero width in an id.csv': 'ann A 2024-01-01T00:00:00Z 5; ann\u200b A 2024-01-01T00:00:00Z 5',
  'no-break space around an id.csv': '\u00a0ann\u00a0 A 2024-01-01T00:00:00Z 5',
  'ebcdic-like bytes.csv':
    'refused NO_COLUMNS: ebcdic-like bytes.csv cannot be cut into columns: no comma, tab, semicolon or bar separates its lines into the same number of cells.',
  'iso with every fraction.csv':
    'ann A 2024-01-01T00:00:00Z; ann A 2024-01-01T00:00:00.123Z; ann A 2024-01-01T00:00:00.500Z | duplicates 1',
  'offsets.csv': 'ann A 2023-12-31T10:00:00Z; ann A 2023-12-31T22:00:00Z; ann A 2024-01-01T05:30:00Z',
  'days that do not exist.csv': 'ann A 2024-02-29T00:00:00Z | unreadable time 4',
  'hours that do not exist.csv': 'ann A 2024-01-01T23:59:59Z; ann A 2024-01-02T00:00:00Z | unreadable time 2',
  'leap second.csv': 'ann A 2016-12-31T23:59:59Z | unreadable time 1',
  'american dates.csv':
    'refused COLUMNS: american dates.csv: column "time" cannot be read as time ("01/31/2024", "02/01/2024"); known are seconds to nanoseconds since 1970, ISO 8601, YYYY-MM-DD and YYY',
  'european dates.csv':
    'refused COLUMNS: european dates.csv: column "time" cannot be read as time ("31.01.2024", "01.02.2024"); known are seconds to nanoseconds since 1970, ISO 8601, YYYY-MM-DD and YYY',
  'dates that could be either.csv':
    'refused COLUMNS: dates that could be either.csv: column "time" cannot be read as time ("01/02/2024", "03/04/2024"); known are seconds to nanoseconds since 1970, ISO 8601, YYYY-M',
  'month names.csv':
    'refused COLUMNS: month names.csv: no column holds times; name it: --map time=COLUMN. It has "column1", "column2", "column3", "column4".',
  'seconds and milliseconds mixed.csv': 'ann A 2024-01-01T00:00:00Z | time outside the years 1601 to 9999 1',
  'seconds with fractions.csv': 'ann A 2024-01-01T00:00:00.250Z; ann A 2024-01-01T00:00:01.500Z',
  'scientific seconds.csv': 'ann A 2024-01-01T00:00:00Z | unreadable time 1',
  'spreadsheet serial days.csv':
    'refused COLUMNS: spreadsheet serial days.csv: column "time" holds relative days ("45292", "45293"), counted from a start of its own, not calendar time; say which date day 0 is (',
  'compact days.csv': 'ann A 2024-01-01T00:00:00Z; ann A 2024-01-02T00:00:00Z',
  'compact days that do not exist.csv': 'ann A 2024-01-01T00:00:00Z | unreadable time 2',
  'negative seconds.csv': 'ann A 1969-12-31T23:59:55Z; ann A 2024-01-01T00:00:00Z',
  'zero times.csv':
    'ann A 1970-01-01T00:00:00Z; ann A 2024-01-01T00:00:00Z; ann A 2024-01-01T00:00:01Z; ann A 2024-01-01T00:00:02Z',
  'only zero times.csv':
    'refused COLUMNS: only zero times.csv: column "time" holds relative days ("0"), counted from a start of its own, not calendar time; say which date day 0 is (--day-zero 2024-02-01',
  'quoted times with spaces.csv': 'ann A 2024-01-02T00:00:00Z | unreadable time 1',
  'space for the T.csv': 'ann A 2024-01-01T10:00:00Z; ann A 2024-01-02T10:00:00Z',
  'utc suffix of BigQuery.csv': 'ann A 2024-01-01T10:00:00Z; ann A 2024-01-02T10:00:00.500Z',
  'zone names.csv':
    'refused COLUMNS: zone names.csv: column "time" cannot be read as time ("2024-01-01 10:00:00 CET", "2024-01-02 10:00:00 CET"); known are seconds to nanoseconds since 1970, ISO 86',
  'year of five digits.csv': 'ann A 2024-01-01T00:00:00Z | time outside the years 1601 to 9999 1',
  'year one.csv': 'ann A 2024-01-01T00:00:00Z | time outside the years 1601 to 9999 1',
  'far future.csv':
    'refused WRONG_UNIT: Read as dates (ISO 8601, UTC where no zone is given), 2 of 3 times in column "time" fall before 1971 or after 2100 (such as 9999-12-31): that is the wrong unit;',
  'null words.csv': 'ann A 2024-01-01T00:00:00Z | unreadable time 6',
  'times of day only.csv':
    'refused COLUMNS: times of day only.csv: column "time" cannot be read as time ("10:00", "11:30"); known are seconds to nanoseconds since 1970, ISO 8601, YYYY-MM-DD and YYYYMMDD. ',
  'arabic digits.csv': 'ann A 2024-01-01T00:00:00Z | unreadable time 1',
  'after the end given.csv': 'ann A 2024-01-01T00:00:00Z | later than observed-until 1',
  'before the start given.csv': 'ann A 2024-01-01T00:00:00Z; ann A 2024-06-01T00:00:00Z',
  'thousands with commas.csv': 'ann A 2024-01-01T00:00:00Z value="1,234.50"; ann A 2024-01-02T00:00:00Z value="5"',
  'thousands with points.csv': 'ann A 2024-01-01T00:00:00Z 1234.5; ann A 2024-01-02T00:00:00Z 5',
  'money signs.csv':
    'ann A 2024-01-01T00:00:00Z value="$5"; ann A 2024-01-02T00:00:00Z value="5 EUR"; ann A 2024-01-03T00:00:00Z value="\u20ac5"; ann A 2024-01-04T00:00:00Z value="5"',
  'percent signs.csv': 'ann A 2024-01-01T00:00:00Z value="5%"; ann A 2024-01-02T00:00:00Z value="5"',
  'brackets for minus.csv': 'ann A 2024-01-01T00:00:00Z value="(5)"; ann A 2024-01-02T00:00:00Z value="5"',
  'minus of print.csv': 'ann A 2024-01-01T00:00:00Z value="\u22125"; ann A 2024-01-02T00:00:00Z value="5"',
  'nan and infinity.csv':
    'ann A 2024-01-01T00:00:00Z value="NaN"; ann A 2024-01-02T00:00:00Z value="Infinity"; ann A 2024-01-03T00:00:00Z value="-inf"; ann A 2024-01-04T00:00:00Z value="5"',
  'hexadecimal.csv': 'ann A 2024-01-01T00:00:00Z value="0x10"; ann A 2024-01-02T00:00:00Z value="5"',
  'underscored.csv': 'ann A 2024-01-01T00:00:00Z value="1_000"; ann A 2024-01-02T00:00:00Z value="5"',
  'exponents.csv': 'ann A 2024-01-01T00:00:00Z 1000; ann A 2024-01-02T00:00:00Z 0.01; ann A 2024-01-03T00:00:00Z 5',
  'beyond a double.csv': 'ann A 2024-01-02T00:00:00Z 5 | unreadable value 1',
  'more digits than a double.csv': 'ann A 2024-01-01T00:00:00Z 12345678901234567000; ann A 2024-01-02T00:00:00Z 0.1',
  'negative zero.csv': 'ann A 2024-01-01T00:00:00Z 0; ann A 2024-01-02T00:00:00Z 5',
  'negative values.csv': 'ann A 2024-01-01T00:00:00Z -5.25; ann A 2024-01-02T00:00:00Z 5',
  'leading zeros.csv': 'ann A 2024-01-01T00:00:00Z 7; ann A 2024-01-02T00:00:00Z 5',
  'leading zeros in ids.csv': '007 A 2024-01-01T00:00:00Z 5; 7 A 2024-01-01T00:00:00Z 5',
  'ids as floats.csv': '7 A 2024-01-01T00:00:00Z 5; 7.0 A 2024-01-01T00:00:00Z 5',
  'ids in exponents.csv': '100000 A 2024-01-01T00:00:00Z 5; 1E5 A 2024-01-01T00:00:00Z 5',
  'booleans as values.csv': 'ann A 2024-01-01T00:00:00Z value="true"; ann A 2024-01-02T00:00:00Z value="5"',
  'empty list.json': 'refused NO_ROWS: empty list.json holds no JSON objects, one a line or in a list.',
  'empty object.json':
    'refused COLUMNS: empty object.json: no column holds times; name it: --map time=COLUMN. It has .',
  'null.json':
    'refused NO_COLUMNS: null.json cannot be cut into columns: no comma, tab, semicolon or bar separates its lines into the same number of cells.',
  'a number.json':
    'refused NO_COLUMNS: a number.json cannot be cut into columns: no comma, tab, semicolon or bar separates its lines into the same number of cells.',
  'a text.json':
    'refused NO_COLUMNS: a text.json cannot be cut into columns: no comma, tab, semicolon or bar separates its lines into the same number of cells.',
  'list of numbers.json':
    'refused COLUMNS: list of numbers.json: no column holds times; name it: --map time=COLUMN. It has "column1", "column2", "column3".',
  'list with junk between.json':
    'ann Bought 2024-01-01T00:00:00Z; bob Bought 2024-01-01T00:00:00Z | not a JSON object 4',
  'unterminated list.json': 'ann Bought 2024-01-01T00:00:00Z; bob Bought 2024-01-01T00:00:00Z | not valid JSON 1',
  'unterminated record.json': 'ann Bought 2024-01-01T00:00:00Z | not valid JSON 1',
  'trailing comma.json': 'ann Bought 2024-01-01T00:00:00Z',
  'single quotes.json': 'refused NO_ROWS: single quotes.json holds no JSON objects, one a line or in a list.',
  'comments.json':
    'refused NO_COLUMNS: comments.json cannot be cut into columns: no comma, tab, semicolon or bar separates its lines into the same number of cells.',
  'two documents.json': 'ann Bought 2024-01-01T00:00:00Z | not a JSON object 1',
  'wrapped in data.json':
    'refused COLUMNS: wrapped in data.json: no column holds times; name it: --map time=COLUMN. It has "data".',
  'pretty printed.json': 'ann Bought 2024-01-01T00:00:00Z; bob Bought 2024-01-01T00:00:00Z',
  'nested ten thousand deep.json':
    'ann Bought 2024-01-01T00:00:00Z; bob B 2024-01-02T00:00:00Z x="[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[\u2026',
  'list ten thousand deep.json':
    'refused NO_ROWS: list ten thousand deep.json holds no JSON objects, one a line or in a list.',
  'broken line among good ones.jsonl':
    'ann Bought 2024-01-01T00:00:00Z; cid Bought 2024-01-01T00:00:00Z | not valid JSON 1',
  'blank lines.jsonl': 'ann Bought 2024-01-01T00:00:00Z; bob Bought 2024-01-01T00:00:00Z',
  'lists as lines.jsonl': 'refused NO_ROWS: lists as lines.jsonl has a header but no rows.',
  'nan literal.jsonl': 'ann A 2024-01-01T00:00:00Z revenue="NaN"; ann Bought 2024-01-01T00:00:00Z',
  'infinity as a number.jsonl': 'ann Bought 2024-01-01T00:00:00Z | unreadable value 1',
  'big whole numbers as ids.jsonl':
    '12345678901234567890 A 2024-01-01T00:00:00Z; 12345678901234567891 A 2024-01-01T00:00:00Z',
  'duplicate keys.jsonl': 'ann A 2024-01-01T00:00:00Z',
  'proto keys.jsonl': 'ann A 2024-01-01T00:00:00Z __proto__="{\\"polluted\\":true}" constructor="x"',
  'lone surrogate.jsonl': 'ann Bought 2024-01-01T00:00:00Z | not valid JSON 1',
  'nul in a text.jsonl': 'a\u0000b A 2024-01-01T00:00:00Z; ann Bought 2024-01-01T00:00:00Z',
  'person is an object.jsonl': 'ann Bought 2024-01-01T00:00:00Z; {"id":"ann"} Bought 2024-01-01T00:00:00Z',
  'person is a list.jsonl': '["ann"] Bought 2024-01-01T00:00:00Z; ann Bought 2024-01-01T00:00:00Z',
  'person is true.jsonl': 'ann Bought 2024-01-01T00:00:00Z; true Bought 2024-01-01T00:00:00Z',
  'event is a number.jsonl': 'ann 5 2024-01-01T00:00:00Z; ann Bought 2024-01-01T00:00:00Z',
  'time is an object.jsonl': 'ann Bought 2024-01-01T00:00:00Z | unreadable time 1',
  'time is null.jsonl': 'ann Bought 2024-01-01T00:00:00Z | missing time 1',
  'byte order mark.jsonl': 'ann Bought 2024-01-01T00:00:00Z',
  'windows line ends.jsonl': 'ann Bought 2024-01-01T00:00:00Z; bob Bought 2024-01-01T00:00:00Z',
  'segment without any id.jsonl': 'ann Bought 2024-01-01T00:00:00Z | missing person 1',
  'segment page without a name.jsonl': 'ann Page Viewed 2024-01-01T00:00:00Z; ann Bought 2024-01-01T00:00:00Z',
  'segment unknown type.jsonl': 'ann Bought 2024-01-01T00:00:00Z; ann Bought 2024-01-01T00:00:00Z',
  'segment alias to itself.jsonl': 'ann Bought 2024-01-01T00:00:00Z | 2 kept',
  'segment alias in a ring.jsonl': 'ann Bought 2024-01-01T00:00:00Z; ann Bought 2024-01-01T00:00:00Z | 4 kept',
  'segment device of two people.jsonl':
    'ann Bought 2024-01-01T00:00:00Z; bob Bought 2024-01-01T00:00:00Z; d Bought 2024-01-01T00:00:00Z',
  'kissmetrics record without a time.jsonl': 'ann B 2024-01-01T00:00:00Z | missing time 1',
  'kissmetrics alias in a ring.jsonl': 'a A 2024-01-01T00:00:00Z; a B 2024-01-01T00:00:00Z | 4 kept',
  'kissmetrics time as text.jsonl': 'ann A 2024-01-01T00:00:00Z | unreadable time 1',
  'mixpanel without properties.jsonl': 'ann A 2024-01-01T00:00:00Z | missing person 1',
  'mixpanel id twice.jsonl': 'ann A 2024-01-01T00:00:00Z | duplicates 1',
  'mixpanel mixed time units.jsonl': 'ann A 2024-01-01T00:00:00Z | time outside the years 1601 to 9999 1',
  'amplitude time without an offset.jsonl': 'ann A 2024-01-01T10:00:00Z | unreadable time 1',
  'amplitude nobody.jsonl': 'ann B 2024-01-01T10:00:00Z | missing person 1',
  'posthog properties as text.jsonl': 'ann A 2024-01-01T00:00:00Z a=1',
  'posthog broken properties.jsonl': 'ann A 2024-01-01T00:00:00Z',
  'ga4 parameters of odd types.jsonl': 'p A 2024-01-01T00:00:00Z',
  'ga4 without anybody.jsonl': 'p B 2024-01-01T00:00:00Z | missing person 1',
  'gzip cut off.csv.gz':
    'refused BROKEN_ARCHIVE: gzip cut off.csv.gz is cut off or damaged: it cannot be decompressed to its end.',
  'gzip with a wrong sum.csv.gz':
    'refused BROKEN_ARCHIVE: gzip with a wrong sum.csv.gz is cut off or damaged: it cannot be decompressed to its end.',
  'gzip of nothing.csv.gz': 'refused EMPTY_FILE: gzip of nothing.csv.gz is empty.',
  'gzip in gzip.csv.gz':
    'refused BINARY_FILE: gzip in gzip.csv.gz holds binary data, not text; export it as CSV or JSON lines in UTF-8.',
  'gzip of two members.csv.gz': 'ann Bought 2024-01-01T00:00:00Z 5',
  'gzip with junk behind.csv.gz':
    'refused BROKEN_ARCHIVE: gzip with junk behind.csv.gz is cut off or damaged: it cannot be decompressed to its end.',
  'plain text named gz.csv.gz': 'ann Bought 2024-01-01T00:00:00Z 5',
  'gzip without the ending.csv': 'ann Bought 2024-01-01T00:00:00Z 5',
  'zstd cut off.csv.zst':
    'refused BROKEN_ARCHIVE: zstd cut off.csv.zst is cut off or damaged: it cannot be decompressed to its end.',
  'zstd whole.csv.zst': 'ann Bought 2024-01-01T00:00:00Z 5',
  'zip cut off.zip': 'refused BROKEN_ARCHIVE: zip cut off.zip is cut off or damaged: its list of files cannot be read.',
  'zip of nothing.zip':
    'refused BINARY_FILE: zip of nothing.zip holds binary data, not text; export it as CSV or JSON lines in UTF-8.',
  'zip without data.zip':
    'refused BROKEN_ARCHIVE: zip without data.zip holds no file that can be read (CSV, JSON or Parquet, also .gz and .zst).',
  'zip that climbs out.zip':
    'refused BROKEN_ARCHIVE: zip that climbs out.zip is damaged: a file in it cannot be read to its end.',
  'zip with an absolute name.zip':
    'refused BROKEN_ARCHIVE: zip with an absolute name.zip is damaged: a file in it cannot be read to its end.',
  'zip with a drive name.zip':
    'refused BROKEN_ARCHIVE: zip with a drive name.zip is damaged: a file in it cannot be read to its end.',
  'zip with mac leftovers.zip': 'ann Bought 2024-01-01T00:00:00Z 5',
  'zip in a zip.zip':
    'refused BROKEN_ARCHIVE: zip in a zip.zip holds no file that can be read (CSV, JSON or Parquet, also .gz and .zst).',
  'zip named csv.csv': 'ann Bought 2024-01-01T00:00:00Z 5',
  'parquet mark alone.parquet':
    'refused BROKEN_PARQUET: parquet mark alone.parquet is damaged: it cannot be read as Parquet.',
  'parquet of text.parquet': 'ann Bought 2024-01-01T00:00:00Z 5',
};
