/** How the names of data cells filters begin whose name Meshgate chose; those are Meshgate's to delete, and no file may take one. */
export const derivedPrefix = 'meshgate_';
