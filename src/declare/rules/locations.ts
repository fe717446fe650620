import type { Problem } from '../../core/problem.ts';
import { didYouMean, listed } from '../closest.ts';
import type { Joined } from '../entries.ts';

/** Data locations of an access entry are within those of its product. */
export function checkLocations({ entries }: Joined): readonly Problem[] {
  return entries.flatMap(({ access, product, productName, at }) => {
    if (product === undefined) return [];
    const { locations = [] } = product.value;
    return (access.locations ?? []).flatMap((text, index) => {
      if (locations.some((location) => isWithin(text, location))) return [];
      const hint = didYouMean(
        text,
        locations,
        `its locations are ${listed(locations, 'not listed; add them to the product file')}`,
      );
      return [
        {
          code: 'UNKNOWN_LOCATION',
          message: `"${text}" is not within a location of "${productName}"`,
          hint,
          place: at('locations', index),
        },
      ];
    });
  });
}

// A slash is part of the comparison: s3://data/orders-old is not within s3://data/orders.
function isWithin(path: string, location: string): boolean {
  return withSlash(path).startsWith(withSlash(location));
}

function withSlash(text: string): string {
  return text.endsWith('/') ? text : `${text}/`;
}
