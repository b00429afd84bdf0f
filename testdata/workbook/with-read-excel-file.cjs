// SPDX-License-Identifier: Apache-2.0

// Prints the texts of a workbook as read-excel-file reads them, as JSON: by sheet, a list of rows.
const { default: read } = require('read-excel-file/node');

(async () => {
  const sheets = {};
  for (const { sheet, data } of await read(process.argv[2], { trim: false })) {
    sheets[sheet] = data.map((row) => row.map((cell) => (typeof cell === 'string' ? cell : '')));
  }
  console.log(JSON.stringify(sheets));
})();
