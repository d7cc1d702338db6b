import type { WarehouseSource } from "./enterprise";

/** Where customers live, and which warehouse is theirs. Data only. */

export interface Region {
  readonly state: string;
  /** Roughly the population in millions. */
  readonly weight: number;
  readonly home: WarehouseSource;
  readonly utcOffsetHours: number;
  readonly cities: readonly (readonly [city: string, postalPrefix: string])[];
}

export const REGIONS: readonly Region[] = [
  {
    state: "CA",
    weight: 39,
    home: "wms-west",
    utcOffsetHours: -8,
    cities: [
      ["Los Angeles", "900"],
      ["San Diego", "921"],
      ["Sacramento", "958"],
      ["Oakland", "946"],
    ],
  },
  {
    state: "WA",
    weight: 8,
    home: "wms-west",
    utcOffsetHours: -8,
    cities: [
      ["Seattle", "981"],
      ["Spokane", "992"],
    ],
  },
  { state: "OR", weight: 4, home: "wms-west", utcOffsetHours: -8, cities: [["Portland", "972"]] },
  {
    state: "AZ",
    weight: 7,
    home: "wms-west",
    utcOffsetHours: -7,
    cities: [
      ["Phoenix", "850"],
      ["Tucson", "857"],
    ],
  },
  { state: "CO", weight: 6, home: "wms-west", utcOffsetHours: -7, cities: [["Denver", "802"]] },
  { state: "UT", weight: 3, home: "wms-west", utcOffsetHours: -7, cities: [["Salt Lake City", "841"]] },
  {
    state: "TX",
    weight: 30,
    home: "wms-central",
    utcOffsetHours: -6,
    cities: [
      ["Houston", "770"],
      ["Dallas", "752"],
      ["Austin", "787"],
      ["San Antonio", "782"],
    ],
  },
  {
    state: "IL",
    weight: 13,
    home: "wms-central",
    utcOffsetHours: -6,
    cities: [
      ["Chicago", "606"],
      ["Peoria", "616"],
    ],
  },
  {
    state: "OH",
    weight: 12,
    home: "wms-central",
    utcOffsetHours: -5,
    cities: [
      ["Columbus", "432"],
      ["Cleveland", "441"],
    ],
  },
  { state: "MN", weight: 6, home: "wms-central", utcOffsetHours: -6, cities: [["Minneapolis", "554"]] },
  {
    state: "MO",
    weight: 6,
    home: "wms-central",
    utcOffsetHours: -6,
    cities: [
      ["Kansas City", "641"],
      ["St. Louis", "631"],
    ],
  },
  {
    state: "MI",
    weight: 10,
    home: "wms-central",
    utcOffsetHours: -5,
    cities: [
      ["Detroit", "482"],
      ["Grand Rapids", "495"],
    ],
  },
  {
    state: "TN",
    weight: 7,
    home: "wms-central",
    utcOffsetHours: -6,
    cities: [
      ["Nashville", "372"],
      ["Memphis", "381"],
    ],
  },
  {
    state: "NY",
    weight: 20,
    home: "wms-east",
    utcOffsetHours: -5,
    cities: [
      ["New York", "100"],
      ["Brooklyn", "112"],
      ["Buffalo", "142"],
    ],
  },
  {
    state: "PA",
    weight: 13,
    home: "wms-east",
    utcOffsetHours: -5,
    cities: [
      ["Philadelphia", "191"],
      ["Pittsburgh", "152"],
    ],
  },
  {
    state: "NJ",
    weight: 9,
    home: "wms-east",
    utcOffsetHours: -5,
    cities: [
      ["Newark", "071"],
      ["Trenton", "086"],
    ],
  },
  {
    state: "MA",
    weight: 7,
    home: "wms-east",
    utcOffsetHours: -5,
    cities: [
      ["Boston", "021"],
      ["Worcester", "016"],
    ],
  },
  {
    state: "FL",
    weight: 22,
    home: "wms-east",
    utcOffsetHours: -5,
    cities: [
      ["Miami", "331"],
      ["Orlando", "328"],
      ["Tampa", "336"],
    ],
  },
  { state: "GA", weight: 11, home: "wms-east", utcOffsetHours: -5, cities: [["Atlanta", "303"]] },
  {
    state: "NC",
    weight: 11,
    home: "wms-east",
    utcOffsetHours: -5,
    cities: [
      ["Charlotte", "282"],
      ["Raleigh", "276"],
    ],
  },
];
