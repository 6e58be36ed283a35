/** Words that carry nothing of a question over sales: what is left when all else was understood. */
export const stopWords: ReadonlySet<string> = new Set(
  `a all an and any are as at be been bought brought buy buyers by came can come comes compare compared comparison
  could did do does each earned every find for from generated get gets give got had has have having how i in is it its
  know like list made make makes making many me much of on only or order orders ordered our overall paid per place
  placed please sale see sell sells shop show sold spent store taken tell than that the their them there these they
  through to total us value values versus very vs want was we were what when where which who whose will with within
  would you purchase purchases purchased item items customer customers product products number amount came used use active something anything
  trend trends still live lives`
    .split(/\s+/)
    .filter((word) => word !== ""),
);
