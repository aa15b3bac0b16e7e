/** Whole numbers with `+ - * / %`, comparisons and parentheses, as `$((…))` has them; 0 for what is none. */
export function evaluate(expression: string, valueOf: (name: string) => string): number {
  const tokens = expression.match(/\d+|[A-Za-z_]\w*|[<>=!]=|[-+*/%()<>]/g) ?? [];
  let at = 0;
  const primary = (): number => {
    const token = tokens[at++] ?? '0';
    if (token === '-') return -primary();
    if (token === '(') {
      const value = compare();
      at++;
      return value;
    }
    return Math.trunc(Number(/^\d/.test(token) ? token : valueOf(token))) || 0;
  };
  const product = (): number => {
    let value = primary();
    for (let operator = tokens[at]; operator === '*' || operator === '/' || operator === '%'; operator = tokens[at]) {
      at++;
      const right = primary();
      value = operator === '*' ? value * right : right === 0 ? 0 : operator === '/' ? Math.trunc(value / right) : value % right;
    }
    return value;
  };
  const sum = (): number => {
    let value = product();
    for (let operator = tokens[at]; operator === '+' || operator === '-'; operator = tokens[at]) {
      at++;
      value = operator === '+' ? value + product() : value - product();
    }
    return value;
  };
  const compare = (): number => {
    const left = sum();
    const operator = tokens[at];
    if (operator === undefined || !/^(?:[<>]=?|[=!]=)$/.test(operator)) return left;
    at++;
    const right = sum();
    const results: Readonly<Record<string, boolean>> = {
      '<': left < right,
      '>': left > right,
      '<=': left <= right,
      '>=': left >= right,
      '==': left === right,
      '!=': left !== right,
    };
    return results[operator] === true ? 1 : 0;
  };
  return compare();
}
