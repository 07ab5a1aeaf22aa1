#!/usr/bin/env node
"use strict";
const { load } = require("./load.js");
const { runProcess } = load(require.resolve("../dist/cli/main.js"));
void runProcess(process.argv.slice(2)).then((status) => {
  process.exitCode = status;
});
