// SPDX-License-Identifier: Apache-2.0

// Prints the texts of a workbook as exceljs reads them, as JSON: by sheet, a list of rows.
const { Workbook } = require('exceljs');

(async () => {
  const workbook = await new Workbook().xlsx.readFile(process.argv[2]);
  const sheets = {};
  for (const sheet of workbook.worksheets) {
    sheets[sheet.name] = Array.from({ length: sheet.rowCount }, (_, row) =>
      Array.from({ length: sheet.columnCount }, (_, column) => {
        const cell = sheet.getRow(row + 1).getCell(column + 1);
        const own = !cell.isMerged || cell.master === cell;
        return own && (typeof cell.value === 'string' || cell.value?.text) ? cell.text : '';
      }));
  }
  console.log(JSON.stringify(sheets));
})();
