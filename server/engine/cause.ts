import type { Attempt, Command } from './command.ts'
import type { ActOnOrder } from './families/order-command.ts'
import type { ActOnReservation } from './families/reserve-command.ts'

export type Caused = Pick<Attempt, 'command' | 'context'>

const names: Readonly<Record<string, string>> = {
  placeOrder: 'order.place',
  recordHistory: 'order.import',
  putFacts: 'fact.put',
  changeStock: 'stock.change',
  makeReservation: 'reservation.make',
  erasePerson: 'person.erase',
  keepBody: 'body.keep',
}

/** What led to the events of a command: what its sender named (a kept body), else the command itself. */
export function causeOf({ command, context }: Caused): string {
  return context.cause ?? names[command.kind] ?? nameOfAction(command)
}

function nameOfAction(command: Command): string {
  if (command.kind === 'actOnOrder') return nameOfOrderAction((command as ActOnOrder).action)
  return command.kind === 'actOnReservation' ? `reservation.${(command as ActOnReservation).action.action}` : command.kind
}

function nameOfOrderAction(action: ActOnOrder['action']): string {
  switch (action.action) {
    case 'work':
      return `fulfillment.${action.verb}`
    case 'task':
      return `task.${action.verb}`
    case 'scan':
      return 'parcel.scan'
    case 'evacuate':
    case 'strand':
      return 'node.close'
    case 'relieve':
      return 'stock.shortage'
    case 'restock':
      return 'stock.restock'
    default:
      return `order.${action.action}`
  }
}
