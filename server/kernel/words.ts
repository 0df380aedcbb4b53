/** What a person reads, in both languages of the hub. Names of fields, codes and verbs stand in them as the API spells them. */
export type Words = { readonly en: string; readonly zh: string }
