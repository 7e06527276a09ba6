// What a test can tell a stand-in that runs in a child process, and what it hears back: one message each way per order.

export type Order =
  /** The next native dialog answers this. */
  | { do: 'answerDialog'; answer: Record<string, unknown> }
  | { do: 'chooseMenu'; id: string }
  | { do: 'menuLabels' }
  /** A file of this name, once dropped on the page, has this path. */
  | { do: 'pathOfDropped'; name: string; path: string }
  | { do: 'openFile'; path: string }
  | { do: 'secondInstance'; words: string[] }
  /** What main asked the system to do: dialogs shown, files revealed. */
  | { do: 'asked' }
  /** As main would do it after a crash of the page. */
  | { do: 'reload' }
  /** What main answers when a page asks for this permission. */
  | { do: 'judge'; permission: string }
  /** Another page comes into being; what main has forbidden it. */
  | { do: 'anotherPage' }
  | { do: 'closeWindow' }
  | { do: 'quit' }

export interface OrderMessage {
  id: number
  order: Order
}
export type ControlMessage =
  { ready: { endpoint: string; url: string } } | { id: number; result?: unknown; error?: string }
