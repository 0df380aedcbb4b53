import { randomOf } from '../random.ts'
import { CITIES, type City } from '../world/cities.ts'
import { near } from '../world/nodes.ts'
import type { World } from '../world/world.ts'

/** An invented buyer: always the same behind the same number of a channel. */
export type Person = {
  readonly no: number
  readonly name: string
  readonly phone: string
  readonly bornOn: string
  readonly home: Address
}
export type Address = City & {
  readonly district: string
  readonly line1: string
  readonly postalCode: string
}

const SURNAMES = Array.from('王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕')
const GIVEN = Array.from('伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华建国文玉兰婷雪琳宇浩欣怡梓涵晨曦子轩若瑶思远嘉宁')
const DISTRICTS = ['城关区', '新城区', '高新区', '经开区', '东城区', '西城区', '南山区', '北湖区']
const ROADS = ['人民路', '解放路', '建设路', '中山路', '文化路', '长江路', '黄河路', '新华街', '和平街', '学府路', '滨江大道', '科技路']
const NUMBER = Array.from('3456789')

/** The person with this number among a channel's buyers. */
export function personOf(world: World, channelId: string, no: number): Person {
  const random = randomOf(world.seed, 'person', channelId, no)
  const city = CITIES[random.weighted(world.people)] ?? random.pick(CITIES)
  const digits = String(random.below(1e9)).padStart(9, '0')
  return {
    no,
    name: `${random.pick(SURNAMES)}${random.pick(GIVEN)}${random.is(0.6) ? random.pick(GIVEN) : ''}`,
    phone: `1${random.pick(NUMBER)}${digits}`,
    bornOn: `${random.between(1955, 2007)}-${String(random.between(1, 12)).padStart(2, '0')}-${String(random.between(1, 28)).padStart(2, '0')}`,
    home: {
      ...city,
      ...near(city, 24, random),
      district: random.pick(DISTRICTS),
      line1: `${random.pick(ROADS)} ${random.between(1, 899)} 号 ${random.between(1, 30)} 幢 ${random.between(1, 28)}0${random.between(1, 4)} 室`,
      postalCode: String(random.between(100_000, 859_999)),
    },
  }
}
