// What is too long to be read at once: functions and files, with their lines.
import ts from 'typescript'
import type { SourceFile } from './layers.js'

export const longestFunction = 60
export const longestFile = 600

const nameOf = (node: ts.SignatureDeclaration, source: ts.SourceFile): string => {
  const parent = node.parent as ts.Node & { name?: ts.Node }
  return (node.name ?? parent.name)?.getText(source) ?? 'a function without a name'
}

/** Every function (one in another counts for both) and every file that is longer, one line each. */
export function tooLong(files: readonly SourceFile[]): string[] {
  return files.flatMap(({ path, text }) => {
    const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true)
    const lineAt = (position: number): number => source.getLineAndCharacterOfPosition(position).line + 1
    const found: string[] = []
    const visit = (node: ts.Node): void => {
      if (ts.isFunctionLike(node) && 'body' in node && node.body) {
        const from = lineAt(node.getStart(source))
        const lines = lineAt(node.end) - from + 1
        if (lines > longestFunction) found.push(`${path}:${from} ${nameOf(node, source)}: ${lines} lines`)
      }
      ts.forEachChild(node, visit)
    }
    visit(source)
    const lines = lineAt(text.trimEnd().length)
    return lines > longestFile ? [...found, `${path}: ${lines} lines`] : found
  })
}
