// Analyses log queries with Microsoft's own parser, against the tables given: nothing else is known to exist.
// Standard input: {"tables": {name: "(column: type, ...)"}, "queries": {name: text}}
// Standard output: {name: {"troubles": [...], "columns": [...], "facts": [...], "texts": [...]}}
//   facts: what is read from `line`, the parsed log line; texts: every string literal.

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const library = '@kusto/language-service-next';
require(`${library}/bridge.min.js`);
require(`${library}/Kusto.Language.Bridge.min.js`);
const { Bridge, Kusto } = globalThis; // where the library puts itself
const { GlobalState, KustoCode, Symbols, Syntax } = Kusto.Language;
const { SyntaxKind, SyntaxElement } = Syntax;

const { tables, queries } = JSON.parse(readFileSync(0, 'utf8'));
const symbols = Object.entries(tables).map(([name, columns]) => Symbols.TableSymbol.From(columns).WithName(name));
const workspace = new Symbols.DatabaseSymbol.$ctor1('workspace', Bridge.toArray(symbols), false);
const globals = GlobalState.Default.WithDatabase(workspace);

const bare = (text) => text.trim().replace(/^\[?\s*['"]?|['"]?\s*\]?$/g, '');

function analysed(text) {
  const code = KustoCode.ParseAndAnalyze(text, globals);
  const facts = new Set();
  const texts = new Set();
  SyntaxElement.WalkNodes(code.Syntax, (node) => {
    const reads = node.Kind === SyntaxKind.PathExpression || node.Kind === SyntaxKind.ElementExpression;
    if (reads && node.Expression.toString().trim() === 'line') facts.add(bare(node.Selector.toString()));
    if (node.Kind === SyntaxKind.StringLiteralExpression) texts.add(bare(node.toString()));
  });
  return {
    troubles: Bridge.toArray(code.GetDiagnostics()).map((each) => `${each.Code} at ${each.Start}: ${each.Message}`),
    columns: Bridge.toArray(code.ResultType.Columns ?? []).map((column) => column.Name),
    facts: [...facts],
    texts: [...texts],
  };
}

const answers = Object.entries(queries).map(([name, text]) => [name, analysed(text)]);
process.stdout.write(JSON.stringify(Object.fromEntries(answers)));
