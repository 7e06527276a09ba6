// Whether the host is there. When it is lost the window says so at once and keeps what is edited meanwhile; when it comes back,
// what was missed is asked for.
import { create } from 'zustand'
import { toFailure } from '../../electron/shared/contract/errors.js'
import { Connection } from '../api/connect.js'
import { refreshJobs } from './jobs.js'
import { receiveModelWork } from './models.js'
import { type Notice, inform, notify, setSession } from './session.js'

interface ContactState {
  isLost: boolean
}

export const useContact = create<ContactState>()(() => ({ isLost: false }))

const isOfContact = (notice: Notice): boolean =>
  'failure' in notice && notice.failure.sentence?.key === 'connectionLost'

export function watchContact(connection: Connection, save: () => Promise<void>): void {
  const { api } = connection
  connection.onState?.((isConnected) => {
    if (useContact.getState().isLost === !isConnected) return
    useContact.setState({ isLost: !isConnected })
    if (!isConnected) return
    setSession(({ notices }) => ({ notices: notices.filter((notice) => !isOfContact(notice)) }))
    const tell = (error: unknown): void => notify({ failure: toFailure(error) })
    api.jobs.list().then(refreshJobs, tell)
    api.models.work().then(receiveModelWork, tell)
    save().then(() => inform('connectedAgain'), tell)
  })
}
