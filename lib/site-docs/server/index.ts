export { type Doc, type DocPage, listDecisions, listDocs, listPictures, readDoc, readPicture } from './read';
