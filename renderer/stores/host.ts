// The connection to the host and what the host says about itself. Set once, at the start.
import { create } from 'zustand'
import { Api } from '../../electron/shared/contract/api.js'
import { AppInfo } from '../../electron/shared/contract/app.js'
import { Route } from '../../electron/shared/contract/routes.js'
import { Connection } from '../api/connect.js'

interface HostState {
  connection?: Connection
  info?: AppInfo
}

export const useHost = create<HostState>()(() => ({}))

export function connection(): Connection {
  const known = useHost.getState().connection
  if (!known) throw new Error('The window is not connected to its host yet.')
  return known
}

export const api = (): Api => connection().api
export const mediaUrl = (route: Route): string => connection().mediaUrl(route)
