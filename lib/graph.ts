import { Duration } from 'aws-cdk-lib'
import { Dashboard, GraphWidget, type IMetric } from 'aws-cdk-lib/aws-cloudwatch'
import type { Construct } from 'constructs'

export interface Axis {
  readonly label: string
  readonly min: number
  readonly max?: number
}

/** A graph of half a dashboard's width. Counts stand on one another; ages and times do not. */
export function graph(title: string, left: IMetric[], axis: Axis, { isStacked = true } = {}): GraphWidget {
  const leftYAxis = { ...axis, showUnits: false }
  return new GraphWidget({ title, left, leftYAxis, width: 12, height: 6, stacked: isStacked })
}

/** A dashboard of such graphs, two in a row. */
export function addDashboard(scope: Construct, name: string, graphs: readonly GraphWidget[]): void {
  const rows = graphs.flatMap((one, index) => (index % 2 === 0 ? [[one, ...graphs.slice(index + 1, index + 2)]] : []))
  new Dashboard(scope, 'Dashboard', {
    dashboardName: `postonce-${name}`,
    defaultInterval: Duration.hours(6),
    widgets: rows,
  })
}
