#!/usr/bin/env node
"use strict";
const { runProcess } = require("../dist/cli/main.js");
void runProcess(process.argv.slice(2)).then((status) => {
  process.exitCode = status;
});
