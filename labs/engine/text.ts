/** A text of the course: it exists in both languages, or not at all. */
export type Lang = 'en' | 'ru'
export type Text = Readonly<Record<Lang, string>>
