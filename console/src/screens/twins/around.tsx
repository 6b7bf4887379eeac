// What is around twins: the projects that they lie in, the environments that they run in, the connections that runs reach; and making one of each.
import { useLocation } from '@tanstack/react-router'
import type { ComponentType, ReactElement } from 'react'
import { withinConsole } from '../../api/came-from.ts'
import { NothingHere } from '../../shell/route-conditions.tsx'
import { Connection } from './connections/connection.tsx'
import { Connections } from './connections/connections.tsx'
import { NewConnection } from './connections/new-connection.tsx'
import { Environments } from './environments/environments.tsx'
import { NewEnvironment } from './environments/new-environment.tsx'
import { NewTwin } from './new-twin.tsx'
import { NewProject } from './projects/new-project.tsx'
import { Projects } from './projects/projects.tsx'

const views: Readonly<Record<string, ComponentType>> = {
  '/twins/new': NewTwin,
  '/projects': Projects,
  '/projects/new': NewProject,
  '/connections': Connections,
  '/connections/new': NewConnection,
  '/environments': Environments,
  '/environments/new': NewEnvironment,
}

/** The view of the path. */
export function Around(): ReactElement {
  const path = withinConsole(useLocation().pathname).replace(/\/$/, '')
  const connection = /^\/connections\/(con_[0-9a-z]{26})$/.exec(path)?.[1]
  if (connection !== undefined) return <Connection id={connection} />
  const View = Object.hasOwn(views, path) ? views[path] : undefined
  return View === undefined ? <NothingHere /> : <View />
}
