// SPDX-License-Identifier: Apache-2.0
"use strict";

// A browser that runs scripts need not lay out the rows that are there for those that do not: the
// script at the end of the page draws its own. Should it fail, the rows are shown all the same.
document.documentElement.classList.add("starting");
addEventListener("DOMContentLoaded", () => document.documentElement.classList.remove("starting"));
