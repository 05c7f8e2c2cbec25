import { dueClosing, dueReturn, mostDefinite, newestChange } from './both-ways.ts'
import { type NextEvent, pick, type Situation, setAside } from './situation.ts'
import { refuse } from './under-way.ts'

export function goodsIssue({ waiting }: Situation): NextEvent | undefined {
  return mostDefinite(waiting.filter((one) => one.kind === 'goods-issue'))
}

export function cancellation({ waiting, books }: Situation): NextEvent | undefined {
  const signal = waiting.find((one) => one.kind === 'cancellation')
  if (signal === undefined) return undefined
  if (books.isCancelled) return setAside(signal, 'the order is cancelled already')
  if (!books.hasIssued) return books.isClosed ? setAside(signal, 'the order is closed already') : pick(signal)
  const message = 'Goods have left already. What has not left will not; what comes back is a return.'
  return refuse(signal, { code: 'GOODS_GONE', message })
}

export function change(situation: Situation): NextEvent | undefined {
  const { books } = situation
  return newestChange(situation, (newest) => {
    if (books.isCancelled || books.isClosed) {
      const state = books.isCancelled ? 'cancelled' : 'closed'
      return refuse(newest, {
        code: 'SALES_ORDER_ENDED',
        message: `The order is ${state} and cannot be changed any more.`,
      })
    }
    if (!books.hasIssued) return pick(newest)
    const message = 'Goods have left already, so the order cannot be changed any more. Change what is left by hand.'
    return refuse(newest, { code: 'GOODS_GONE', message })
  })
}

export function goodsReturn(situation: Situation): NextEvent | undefined {
  const { isComplete, hasIssued, returnable } = situation.books
  return dueReturn('goods-return', situation, { isOver: isComplete, hasMoved: hasIssued, atHand: returnable })
}

export function closing(situation: Situation): NextEvent | undefined {
  return dueClosing(situation, { isOver: situation.books.isDelivered, tooLate: 'GOODS_GONE' })
}
