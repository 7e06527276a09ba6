// What answers of the fake host are: plain values, which the window gets as promises as from any host.
import { Api, Namespace } from '../../electron/shared/contract/api.js'

type Answer<Method> = Method extends (...args: infer Args) => Promise<infer Result>
  ? (...args: Args) => Result
  : never
export type Answers = { [N in Namespace]: { [Name in keyof Api[N]]: Answer<Api[N][Name]> } }

/** Plain answers as the promises that they are over the wire; what is thrown rejects. */
export const asynchronous = (answers: Answers): Api =>
  Object.fromEntries(
    Object.entries(answers).map(([namespace, methods]) => [
      namespace,
      Object.fromEntries(Object.entries(methods).map(([name, answer]) => [name, promised(answer as Plain)])),
    ]),
  ) as unknown as Api

type Plain = (...args: unknown[]) => unknown
const promised =
  (answer: Plain): Plain =>
  (...args) =>
    new Promise((resolve) => resolve(answer(...args)))
