/** A kind of goods of which items are made: every thing in every variety and size, until there are `count` of them. */
export type Family = {
  readonly code: string
  readonly count: number
  readonly taxClass: 'standard' | 'food' | 'service'
  /** `中文|English`. */
  readonly things: readonly string[]
  readonly varieties: readonly string[]
  /** Label and grams. */
  readonly sizes: readonly (readonly [string, number])[]
  /** Fen for the smallest size, from and to. */
  readonly price: readonly [number, number]
  /** Edge lengths of the smallest size, mm. */
  readonly box: readonly [number, number, number]
  readonly attributes?: Readonly<Record<string, boolean | number>>
  /** Where it is kept: near the buyer, in centres, in a plant, nowhere (digital), or on its way to the first shelves. */
  readonly kept: 'front' | 'centre' | 'both' | 'plant' | 'nowhere' | 'launch'
}

const list = (text: string): readonly string[] => text.split(' ')
const FOOD = { taxClass: 'food' } as const
const GOODS = { taxClass: 'standard' } as const

export const FAMILIES: readonly Family[] = [
  {
    code: 'FRUIT',
    count: 160,
    ...FOOD,
    kept: 'front',
    things: list(
      '苹果|Apples 雪梨|Pears 脐橙|Oranges 蓝莓|Blueberries 车厘子|Cherries 猕猴桃|Kiwis 葡萄|Grapes 草莓|Strawberries 芒果|Mangoes 火龙果|Pitayas',
    ),
    varieties: list('精选|Select 有机|Organic 特级|Premium 尝鲜|Tasting'),
    sizes: [
      ['500 g', 520],
      ['1 kg', 1040],
      ['2.5 kg', 2600],
      ['5 kg', 5200],
    ],
    price: [990, 4900],
    box: [220, 160, 90],
    attributes: { fresh: true },
  },
  {
    code: 'GREENS',
    count: 120,
    ...FOOD,
    kept: 'front',
    things: list(
      '菠菜|Spinach 番茄|Tomatoes 黄瓜|Cucumbers 西兰花|Broccoli 土豆|Potatoes 胡萝卜|Carrots 生菜|Lettuce 茄子|Aubergines 玉米|Corn 香菇|Shiitake',
    ),
    varieties: list('基地直采|Farm 有机|Organic 净菜|Washed 水培|Hydroponic'),
    sizes: [
      ['300 g', 310],
      ['500 g', 520],
      ['1 kg', 1040],
    ],
    price: [390, 1990],
    box: [240, 160, 80],
    attributes: { fresh: true },
  },
  {
    code: 'COLD',
    count: 140,
    ...FOOD,
    kept: 'both',
    things: list(
      '牛排|Steak 羊肉卷|Lamb 三文鱼|Salmon 大虾|Prawns 带鱼|Hairtail 鸡胸|Chicken 水饺|Dumplings 汤圆|Tangyuan 鳕鱼|Cod 扇贝|Scallops',
    ),
    varieties: list('冷冻|Frozen 原切|Prime 手工|Handmade 家庭|Family'),
    sizes: [
      ['400 g', 460],
      ['800 g', 900],
      ['1.5 kg', 1650],
      ['3 kg', 3250],
    ],
    price: [1990, 12_900],
    box: [260, 180, 70],
    attributes: { coldChain: true },
  },
  {
    code: 'DAIRY',
    count: 80,
    ...FOOD,
    kept: 'front',
    things: list('鲜牛奶|Milk 酸奶|Yoghurt 奶酪|Cheese 黄油|Butter 鲜鸡蛋|Eggs'),
    varieties: list('低温|Chilled 有机|Organic 低脂|Light 儿童|Kids'),
    sizes: [
      ['250 g', 280],
      ['500 g', 540],
      ['950 g', 1010],
      ['2 kg', 2150],
    ],
    price: [690, 3900],
    box: [100, 80, 200],
    attributes: { fresh: true, coldChain: true },
  },
  {
    code: 'TEA',
    count: 128,
    ...FOOD,
    kept: 'centre',
    things: list(
      '龙井|Longjing 碧螺春|Biluochun 铁观音|Tieguanyin 普洱|Puer 正山小种|Lapsang 白毫银针|Silver-needle 茉莉花茶|Jasmine 大红袍|Dahongpao',
    ),
    varieties: list('明前|Early-spring 雨前|Spring 陈年|Aged 礼盒|Gift 口粮|Daily'),
    sizes: [
      ['100 g', 180],
      ['250 g', 360],
      ['500 g', 640],
      ['1 kg', 1180],
    ],
    price: [2900, 39_900],
    box: [150, 110, 90],
  },
  {
    code: 'SNACK',
    count: 180,
    ...FOOD,
    kept: 'both',
    things: list(
      '坚果|Nuts 肉脯|Jerky 饼干|Biscuits 海苔|Seaweed 山楂|Hawthorn 麻花|Twists 凤梨酥|Pineapple-cakes 大米|Rice 面条|Noodles 燕麦|Oats',
    ),
    varieties: list('原味|Plain 椒盐|Pepper 低糖|Low-sugar 混合|Mixed 五谷|Five-grain'),
    sizes: [
      ['200 g', 240],
      ['500 g', 560],
      ['1 kg', 1090],
      ['5 kg', 5200],
    ],
    price: [890, 6900],
    box: [220, 150, 100],
  },
  {
    code: 'DRINK',
    count: 60,
    ...FOOD,
    kept: 'both',
    things: list('矿泉水|Water 苏打水|Soda 果汁|Juice 豆奶|Soy-milk 凉茶|Herbal-tea'),
    varieties: list('经典|Classic 无糖|Zero 气泡|Sparkling'),
    sizes: [
      ['500 ml×6', 3200],
      ['1 L×6', 6300],
      ['330 ml×12', 4200],
      ['2 L×4', 8300],
    ],
    price: [1290, 5900],
    box: [330, 220, 210],
  },
  {
    code: 'SPIRIT',
    count: 40,
    ...GOODS,
    kept: 'centre',
    things: list('白酒|Baijiu 黄酒|Huangjiu 红酒|Red-wine 米酒|Rice-wine'),
    varieties: list('珍藏|Reserve 窖藏|Cellar 小瓶|Small'),
    sizes: [
      ['500 ml', 1100],
      ['750 ml', 1450],
      ['500 ml×2', 2200],
      ['500 ml×6', 6500],
    ],
    price: [3900, 99_900],
    box: [110, 110, 340],
    attributes: { fragile: true, ageMin: 18 },
  },
  {
    code: 'HOME',
    count: 160,
    ...GOODS,
    kept: 'both',
    things: list(
      '毛巾|Towel 抽纸|Tissues 垃圾袋|Bin-bags 保鲜盒|Food-boxes 拖鞋|Slippers 衣架|Hangers 晾衣绳|Line 收纳箱|Storage-box 雨伞|Umbrella 台灯|Lamp',
    ),
    varieties: list('简约|Plain 加厚|Thick 便携|Portable 家庭装|Family'),
    sizes: [
      ['S', 260],
      ['M', 520],
      ['L', 980],
      ['XL', 1900],
    ],
    price: [990, 8900],
    box: [260, 200, 120],
  },
  {
    code: 'CARE',
    count: 160,
    ...GOODS,
    kept: 'both',
    things: list(
      '洗发水|Shampoo 沐浴露|Shower-gel 牙膏|Toothpaste 面霜|Cream 防晒霜|Sunscreen 洗手液|Hand-wash 护手霜|Hand-cream 面膜|Mask',
    ),
    varieties: list('清爽|Fresh 滋润|Rich 敏感肌|Sensitive 男士|Men 植萃|Botanic'),
    sizes: [
      ['100 ml', 140],
      ['250 ml', 310],
      ['500 ml', 590],
      ['750 ml', 860],
    ],
    price: [1900, 19_900],
    box: [80, 60, 190],
  },
  {
    code: 'BABY',
    count: 100,
    ...GOODS,
    kept: 'both',
    things: list('纸尿裤|Nappies 湿巾|Wipes 奶瓶|Bottle 米粉|Rice-cereal 积木|Blocks 绘本|Picture-book'),
    varieties: list('新生儿|Newborn 婴儿|Infant 幼儿|Toddler 旅行|Travel 有机|Organic'),
    sizes: [
      ['小', 420],
      ['中', 900],
      ['大', 1800],
      ['箱装', 4600],
    ],
    price: [1900, 15_900],
    box: [280, 200, 160],
  },
  {
    code: 'WEAR',
    count: 160,
    ...GOODS,
    kept: 'centre',
    things: list('T恤|T-shirt 衬衫|Shirt 卫衣|Hoodie 牛仔裤|Jeans 羽绒服|Down-coat 连衣裙|Dress 袜子|Socks 围巾|Scarf'),
    varieties: list('纯棉|Cotton 亚麻|Linen 羊毛|Wool 速干|Quick-dry 复古|Vintage'),
    sizes: [
      ['S', 260],
      ['M', 300],
      ['L', 340],
      ['XL', 380],
    ],
    price: [4900, 69_900],
    box: [320, 240, 60],
  },
  {
    code: 'DEVICE',
    count: 160,
    ...GOODS,
    kept: 'centre',
    things: list(
      '电热水壶|Kettle 吹风机|Hair-dryer 耳机|Earphones 音箱|Speaker 空气炸锅|Air-fryer 咖啡机|Coffee-machine 破壁机|Blender 体重秤|Scale',
    ),
    varieties: list('基础款|Basic 智能|Smart 静音|Silent 迷你|Mini 旗舰|Flagship'),
    sizes: [
      ['白', 1200],
      ['黑', 1210],
      ['银', 1230],
      ['绿', 1220],
    ],
    price: [9900, 129_900],
    box: [280, 220, 260],
    attributes: { fragile: true },
  },
  {
    code: 'FURNITURE',
    count: 120,
    ...GOODS,
    kept: 'centre',
    things: list('书桌|Desk 书柜|Bookcase 沙发|Sofa 床垫|Mattress 餐桌|Table 衣柜|Wardrobe 跑步机|Treadmill'),
    varieties: list('原木|Wood 北欧|Nordic 可折叠|Folding 实木|Solid-wood 岩板|Stone'),
    sizes: [
      ['1.2 m', 22_000],
      ['1.5 m', 31_000],
      ['1.8 m', 42_000],
      ['2.0 m', 55_000],
    ],
    price: [49_900, 399_900],
    box: [1200, 600, 300],
    attributes: { bulky: true },
  },
  {
    code: 'DANGER',
    count: 80,
    ...GOODS,
    kept: 'centre',
    things: list('移动电源|Power-bank 锂电池|Lithium-cell 消毒酒精|Alcohol 发胶喷雾|Hair-spray 指甲油|Nail-polish 打火机油|Lighter-fuel'),
    varieties: list('标准|Standard 大容量|Large 便携|Portable 家用|Home'),
    sizes: [
      ['1 件', 220],
      ['2 件', 430],
      ['4 件', 850],
      ['12 件', 2500],
    ],
    price: [1900, 24_900],
    box: [120, 80, 50],
    attributes: { hazardous: true },
  },
  {
    code: 'DIGITAL',
    count: 60,
    taxClass: 'service',
    kept: 'nowhere',
    things: list('礼品卡|Gift-card 电子书|E-book 视频会员|Video-pass 音乐会员|Music-pass 课程|Course'),
    varieties: list('标准|Standard 家庭|Family 学生|Student'),
    sizes: [
      ['月', 0],
      ['季', 0],
      ['年', 0],
      ['永久', 0],
    ],
    price: [1500, 29_900],
    box: [0, 0, 0],
    attributes: { digital: true },
  },
  {
    code: 'CUSTOM',
    count: 80,
    ...GOODS,
    kept: 'plant',
    things: list('刻字杯|Engraved-mug 相册|Photo-album 窗帘|Curtain 印章|Seal 定制蛋糕盒|Cake-box'),
    varieties: list('经典|Classic 婚礼|Wedding 企业|Company 生日|Birthday'),
    sizes: [
      ['标准', 450],
      ['加大', 900],
      ['套装', 1600],
      ['礼盒', 2100],
    ],
    price: [5900, 39_900],
    box: [200, 150, 120],
    attributes: { madeToOrder: true },
  },
  {
    code: 'LAUNCH',
    count: 12,
    ...GOODS,
    kept: 'launch',
    things: list('折叠手机|Foldable-phone 运动手表|Sports-watch 航拍无人机|Camera-drone 掌上游戏机|Handheld-console'),
    varieties: list('首发|Launch-edition'),
    sizes: [
      ['128 GB', 480],
      ['256 GB', 480],
      ['512 GB', 490],
    ],
    price: [99_900, 399_900],
    box: [220, 160, 90],
    attributes: { fragile: true },
  },
]

/** What is sold before it is out, for a deposit. */
export const LAUNCH = 'LAUNCH'
