/** The product families of the simulated supplier: sizes times finishes make the SKUs. Data only. */

export interface Family {
  readonly code: string;
  readonly name: string;
  /** Price of the smallest variant, in cents. */
  readonly cents: number;
  readonly perCarton: number;
  /** Price step from one size to the next; 0.22 when absent. */
  readonly sizeStep?: number;
  readonly sizes: readonly string[];
  readonly finishes: readonly (readonly [code: string, name: string])[];
}

const METALS = [
  ["ZN", "zinc plated"],
  ["A2", "stainless A2"],
  ["BR", "brass"],
  ["BK", "black oxide"],
] as const;
const COLOURS = [
  ["WHT", "white"],
  ["BLK", "black"],
  ["GRY", "grey"],
  ["BLU", "blue"],
  ["RED", "red"],
  ["GRN", "green"],
] as const;
const BOLTS = [
  "M4x12",
  "M4x20",
  "M5x16",
  "M5x25",
  "M6x20",
  "M6x30",
  "M6x40",
  "M8x20",
  "M8x30",
  "M8x40",
  "M8x60",
  "M10x30",
  "M10x50",
  "M10x80",
  "M12x40",
  "M12x60",
  "M12x100",
  "M16x60",
  "M16x100",
];
const THREADS = ["M3", "M4", "M5", "M6", "M8", "M10", "M12", "M14", "M16", "M20", "M24"];
const BOXES = [
  ["50", "box of 50"],
  ["100", "box of 100"],
  ["500", "box of 500"],
] as const;
const BOXED_METALS = METALS.flatMap(([code, name]) =>
  BOXES.map(([box, text]) => [`${code}${box}`, `${name}, ${text}`] as const),
);
const CLOTHES = ["S", "M", "L", "XL", "XXL"];
const TOOLS = ["6", "8", "10", "12", "13", "14", "17", "19", "22", "24"];
const LENGTHS = ["1m", "2m", "3m", "5m", "10m", "15m", "25m", "50m"];
const PACKS = ["single", "2-pack", "4-pack", "10-pack"];

export const FAMILIES: readonly Family[] = [
  { code: "HXB", name: "Hex bolt", cents: 890, perCarton: 24, sizes: BOLTS, finishes: BOXED_METALS },
  { code: "SCS", name: "Socket cap screw", cents: 990, perCarton: 24, sizes: BOLTS, finishes: BOXED_METALS },
  { code: "CSK", name: "Countersunk screw", cents: 840, perCarton: 24, sizes: BOLTS, finishes: BOXED_METALS },
  { code: "WDS", name: "Wood screw", cents: 690, perCarton: 24, sizes: BOLTS, finishes: BOXED_METALS },
  { code: "CRB", name: "Carriage bolt", cents: 1040, perCarton: 24, sizes: BOLTS, finishes: BOXED_METALS },
  { code: "THR", name: "Threaded rod", cents: 620, perCarton: 20, sizes: BOLTS, finishes: METALS },
  { code: "WSH", name: "Flat washer", cents: 450, perCarton: 40, sizes: THREADS, finishes: BOXED_METALS },
  { code: "NUT", name: "Lock nut", cents: 720, perCarton: 40, sizes: THREADS, finishes: BOXED_METALS },
  {
    code: "WRC",
    name: "Combination wrench",
    cents: 1450,
    perCarton: 12,
    sizeStep: 0.04,
    sizes: TOOLS,
    finishes: [
      ["CV", "chrome vanadium"],
      ["SS", "stainless"],
    ],
  },
  {
    code: "SKT",
    name: "Impact socket",
    cents: 790,
    perCarton: 20,
    sizeStep: 0.04,
    sizes: TOOLS,
    finishes: [
      ["12", "1/2 in drive"],
      ["38", "3/8 in drive"],
    ],
  },
  {
    code: "DRB",
    name: "Drill bit",
    cents: 560,
    perCarton: 40,
    sizes: TOOLS,
    finishes: [
      ["HS", "HSS"],
      ["CO", "cobalt"],
      ["MA", "masonry"],
    ],
  },
  {
    code: "GLV",
    name: "Work gloves",
    cents: 690,
    perCarton: 30,
    sizeStep: 0.04,
    sizes: CLOTHES,
    finishes: [...COLOURS],
  },
  {
    code: "VST",
    name: "Safety vest",
    cents: 1290,
    perCarton: 20,
    sizeStep: 0.04,
    sizes: CLOTHES,
    finishes: [
      ["YEL", "yellow"],
      ["ORG", "orange"],
    ],
  },
  {
    code: "JKT",
    name: "Softshell work jacket",
    cents: 6900,
    perCarton: 5,
    sizeStep: 0.04,
    sizes: CLOTHES,
    finishes: [...COLOURS],
  },
  {
    code: "BOT",
    name: "Safety boot",
    cents: 9800,
    perCarton: 4,
    sizeStep: 0.04,
    sizes: ["7", "8", "9", "10", "11", "12"],
    finishes: [
      ["BRN", "brown"],
      ["BLK", "black"],
    ],
  },
  {
    code: "EXT",
    name: "Extension cord",
    cents: 1190,
    perCarton: 8,
    sizes: LENGTHS,
    finishes: [
      ["ORG", "orange"],
      ["BLK", "black"],
      ["WHT", "white"],
    ],
  },
  {
    code: "HSE",
    name: "Garden hose",
    cents: 1590,
    perCarton: 4,
    sizes: LENGTHS,
    finishes: [
      ["GRN", "green"],
      ["BLK", "black"],
    ],
  },
  { code: "CAT", name: "Network cable Cat 6", cents: 490, perCarton: 20, sizes: LENGTHS, finishes: [...COLOURS] },
  {
    code: "USB",
    name: "USB-C charging cable",
    cents: 990,
    perCarton: 30,
    sizes: ["0.5m", "1m", "2m", "3m"],
    finishes: [...COLOURS],
  },
  {
    code: "LED",
    name: "LED bulb E26",
    cents: 590,
    perCarton: 24,
    sizes: ["40W", "60W", "75W", "100W"],
    finishes: [
      ["2700", "warm white"],
      ["4000", "neutral"],
      ["5000", "daylight"],
    ],
  },
  {
    code: "BAT",
    name: "Alkaline battery",
    cents: 640,
    perCarton: 40,
    sizes: ["AA", "AAA", "C", "D", "9V"],
    finishes: PACKS.map((pack, i) => [`P${i}`, pack] as const),
  },
  {
    code: "STB",
    name: "Storage bin with lid",
    cents: 1490,
    perCarton: 4,
    sizes: ["10L", "20L", "30L", "45L", "65L"],
    finishes: [["CLR", "clear"], ...COLOURS],
  },
  {
    code: "SHF",
    name: "Shelf board",
    cents: 2190,
    perCarton: 3,
    sizes: ["60cm", "80cm", "100cm", "120cm"],
    finishes: [
      ["OAK", "oak"],
      ["WHT", "white"],
      ["WAL", "walnut"],
      ["PIN", "pine"],
    ],
  },
  {
    code: "PNT",
    name: "Interior paint",
    cents: 2490,
    perCarton: 4,
    sizes: ["1qt", "1gal", "2gal", "5gal"],
    finishes: [...COLOURS, ["SND", "sand"], ["TRQ", "turquoise"]],
  },
  {
    code: "TPE",
    name: "Duct tape",
    cents: 540,
    perCarton: 30,
    sizes: ["10m", "25m", "50m"],
    finishes: [["SLV", "silver"], ...COLOURS],
  },
  {
    code: "FLT",
    name: "HVAC filter",
    cents: 1190,
    perCarton: 6,
    sizeStep: 0.04,
    sizes: ["14x20x1", "16x20x1", "16x25x1", "20x20x1", "20x25x1", "20x25x4"],
    finishes: [
      ["M8", "MERV 8"],
      ["M11", "MERV 11"],
      ["M13", "MERV 13"],
    ],
  },
  { code: "CHR", name: "Task chair", cents: 14900, perCarton: 1, sizes: ["STD", "TALL"], finishes: [...COLOURS] },
  {
    code: "DSK",
    name: "Standing desk",
    cents: 38900,
    perCarton: 1,
    sizes: ["120", "140", "160", "180"],
    finishes: [
      ["OAK", "oak"],
      ["WHT", "white"],
      ["WAL", "walnut"],
      ["BLK", "black"],
    ],
  },
  {
    code: "DRL",
    name: "Cordless drill driver",
    cents: 11900,
    perCarton: 4,
    sizes: ["12V", "18V", "20V"],
    finishes: [
      ["BARE", "tool only"],
      ["KIT2", "kit, 2 batteries"],
      ["KIT4", "kit, 4 Ah"],
    ],
  },
  {
    code: "VAC",
    name: "Shop vacuum",
    cents: 8900,
    perCarton: 1,
    sizes: ["5gal", "9gal", "12gal", "16gal"],
    finishes: [
      ["STD", "standard"],
      ["HEPA", "with HEPA filter"],
    ],
  },
  {
    code: "MUG",
    name: "Ceramic mug",
    cents: 890,
    perCarton: 12,
    sizes: ["8oz", "12oz", "16oz"],
    finishes: [...COLOURS],
  },
];
