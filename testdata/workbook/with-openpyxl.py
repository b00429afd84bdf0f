# SPDX-License-Identifier: Apache-2.0
"""Prints the texts of a workbook as openpyxl reads them, as JSON: by sheet, a list of rows."""

import json
import sys
import warnings

import openpyxl

warnings.simplefilter("error")
_, mode, path = sys.argv
workbook = openpyxl.load_workbook(path, read_only=mode == "read-only")
json.dump({
    sheet.title: [
        [cell if isinstance(cell, str) else "" for cell in row]
        for row in sheet.iter_rows(values_only=True)
    ]
    for sheet in workbook.worksheets
}, sys.stdout)
