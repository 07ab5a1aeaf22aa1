import type typescript from "typescript";
import { type MemberPlace, type Place, enclosingPlace } from "../../source/place.js";
import type { SourceSpan } from "../../source/span.js";
import { ts } from "./compiler.js";
import type { UserProgram } from "./user-program.js";

/**
 * Where the values of a TypeScript topology are written: in the literals that its default export is made of.
 *
 * Members are followed through constants, imports, spreads, `topology(...)`, `as const` and the like. What is computed is placed at the expression that
 * computes it, and what is inside of that too, not exactly.
 */
export function writtenPlace(user: UserProgram): Place {
  const root = defaultExport(user);
  const source = user.sourceOf(user.entry);
  return root === undefined ? enclosingPlace({ source, start: 0, end: 0 }) : new Writing(user).place(unwrapped(root));
}

function defaultExport(user: UserProgram): typescript.Expression | undefined {
  const assignment = user.entry.statements.find((statement) => ts.isExportAssignment(statement));
  if (assignment !== undefined) return assignment.expression;
  for (const statement of user.entry.statements) {
    if (!ts.isExportDeclaration(statement) || statement.exportClause === undefined || !ts.isNamedExports(statement.exportClause)) continue;
    const element = statement.exportClause.elements.find(({ name }) => name.text === "default");
    if (element !== undefined) return expressionOf(user.program.getTypeChecker().getExportSpecifierLocalTargetSymbol(element), user);
  }
  return undefined;
}

class Writing {
  constructor(readonly user: UserProgram) {}

  place(expression: typescript.Expression): Place {
    return { span: this.#span(expression), exact: true, member: (key) => this.#member(expression, key) };
  }

  #member(expression: typescript.Expression, key: string): MemberPlace | undefined {
    const literal = this.#literal(expression);
    if (literal === undefined) return enclosingPlace(this.#span(expression)).member(key);
    return ts.isObjectLiteralExpression(literal) ? this.#property(literal, key) : this.#item(literal, key);
  }

  /** The last property of that name counts; what may be spread over it makes its place uncertain. */
  #property(literal: typescript.ObjectLiteralExpression, key: string): MemberPlace | undefined {
    const unknown: typescript.ObjectLiteralElementLike[] = [];
    for (const property of [...literal.properties].reverse()) {
      if (ts.isSpreadAssignment(property)) {
        const spread = this.#literal(property.expression);
        const found = spread === undefined || !ts.isObjectLiteralExpression(spread) ? undefined : this.#property(spread, key);
        if (found !== undefined) return certain(found, unknown);
        if (spread === undefined) unknown.push(property);
        continue;
      }
      const name = this.#nameOf(property);
      if (name === undefined) unknown.push(property);
      else if (name === key) return certain({ key: this.#span(property.name), value: this.#propertyValue(property) }, unknown);
    }
    const [only] = unknown;
    if (only === undefined) return undefined;
    return {
      key: undefined,
      value: enclosingPlace(this.#span(unknown.length > 1 ? literal : ts.isSpreadAssignment(only) ? only.expression : only)),
    };
  }

  #propertyValue(property: Exclude<typescript.ObjectLiteralElementLike, typescript.SpreadAssignment>): Place {
    if (ts.isPropertyAssignment(property)) return this.place(unwrapped(property.initializer));
    if (!ts.isShorthandPropertyAssignment(property)) return enclosingPlace(this.#span(property));
    const checker = this.user.program.getTypeChecker();
    const value = expressionOf(checker.getShorthandAssignmentValueSymbol(property), this.user);
    const span = this.#span(property.name);
    return {
      span,
      exact: true,
      member: (key) => (value === undefined ? enclosingPlace(span).member(key) : this.#member(unwrapped(value), key)),
    };
  }

  #nameOf(property: Exclude<typescript.ObjectLiteralElementLike, typescript.SpreadAssignment>): string | undefined {
    const { name } = property;
    if (!ts.isComputedPropertyName(name)) return name.text;
    const computed = this.#written(name.expression);
    return computed !== undefined && (ts.isStringLiteralLike(computed) || ts.isNumericLiteral(computed)) ? computed.text : undefined;
  }

  #item(literal: typescript.ArrayLiteralExpression, key: string): MemberPlace | undefined {
    const items = this.#items(literal);
    if (items === undefined) return { key: undefined, value: enclosingPlace(this.#span(literal)) };
    const item = /^\d+$/.test(key) ? items[Number(key)] : undefined;
    return item === undefined ? undefined : { key: undefined, value: this.place(unwrapped(item)) };
  }

  /** The items of a list with those of the lists that are spread into it; undefined where one of these is computed. */
  #items(literal: typescript.ArrayLiteralExpression): typescript.Expression[] | undefined {
    const items: typescript.Expression[] = [];
    for (const element of literal.elements) {
      if (!ts.isSpreadElement(element)) {
        items.push(element);
        continue;
      }
      const spread = this.#literal(element.expression);
      const inside = spread !== undefined && ts.isArrayLiteralExpression(spread) ? this.#items(spread) : undefined;
      if (inside === undefined) return undefined;
      for (const item of inside) items.push(item);
    }
    return items;
  }

  /** The object or list literal that an expression stands for. */
  #literal(expression: typescript.Expression): typescript.ObjectLiteralExpression | typescript.ArrayLiteralExpression | undefined {
    const written = this.#written(expression);
    return written !== undefined && (ts.isObjectLiteralExpression(written) || ts.isArrayLiteralExpression(written)) ? written : undefined;
  }

  /** What an expression was written as, constants and imports followed. */
  #written(expression: typescript.Expression): typescript.Expression | undefined {
    const followed = new Set<typescript.Expression>();
    let at: typescript.Expression | undefined = unwrapped(expression);
    while (at !== undefined && !followed.has(at)) {
      followed.add(at);
      if (ts.isIdentifier(at)) at = expressionOf(this.user.program.getTypeChecker().getSymbolAtLocation(at), this.user);
      else if (ts.isPropertyAccessExpression(at))
        at = expressionOf(this.user.program.getTypeChecker().getSymbolAtLocation(at.name), this.user);
      else return at;
      if (at !== undefined) at = unwrapped(at);
    }
    return undefined;
  }

  #span(node: typescript.Node): SourceSpan {
    const file = node.getSourceFile();
    return { source: this.user.sourceOf(file), start: node.getStart(file), end: node.end };
  }
}

function certain(member: MemberPlace, unknown: readonly unknown[]): MemberPlace {
  return unknown.length === 0 ? member : { key: member.key, value: enclosingPlace(member.value.span) };
}

/** The expression inside of what changes no value. */
function unwrapped(expression: typescript.Expression): typescript.Expression {
  let inner = expression;
  for (;;) {
    if (
      ts.isParenthesizedExpression(inner) ||
      ts.isAsExpression(inner) ||
      ts.isSatisfiesExpression(inner) ||
      ts.isNonNullExpression(inner) ||
      ts.isTypeAssertionExpression(inner)
    ) {
      inner = inner.expression;
      continue;
    }
    const argument = ts.isCallExpression(inner) && isIdentity(inner.expression) ? inner.arguments[0] : undefined;
    if (argument === undefined) return inner;
    inner = argument;
  }
}

/** `topology`, `ref` and `Object.freeze` return what they are given. */
function isIdentity(callee: typescript.Expression): boolean {
  if (ts.isPropertyAccessExpression(callee)) return callee.getText().endsWith(".topology") || callee.getText() === "Object.freeze";
  return ts.isIdentifier(callee) && (callee.text === "topology" || callee.text === "ref");
}

/** What a constant, a property or an export is initialised with. */
function expressionOf(symbol: typescript.Symbol | undefined, user: UserProgram): typescript.Expression | undefined {
  if (symbol === undefined) return undefined;
  const checker = user.program.getTypeChecker();
  const target = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
  const declaration = target.declarations?.[0];
  if (declaration === undefined) return undefined;
  if (ts.isVariableDeclaration(declaration)) return isConstant(declaration) ? declaration.initializer : undefined;
  if (ts.isPropertyAssignment(declaration)) return declaration.initializer;
  if (ts.isExportAssignment(declaration)) return declaration.expression;
  if (ts.isShorthandPropertyAssignment(declaration)) return expressionOf(checker.getShorthandAssignmentValueSymbol(declaration), user);
  const json = ts.isSourceFile(declaration) ? declaration.statements[0] : undefined;
  return json !== undefined && ts.isExpressionStatement(json) ? json.expression : undefined;
}

function isConstant(declaration: typescript.VariableDeclaration): boolean {
  return ts.isVariableDeclarationList(declaration.parent) && (declaration.parent.flags & ts.NodeFlags.Const) !== 0;
}
